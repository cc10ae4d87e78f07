import { TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { care } from '../api/care.ts'
import { useLanguage } from '../language.ts'
import type { Look } from '../look.ts'
import { Act } from '../ui/act.tsx'
import { SecretBox } from '../ui/secret-box.tsx'
import { Trouble } from '../ui/state.tsx'

/** "Does this number appear?": the caller says a number, the log says yes or no. */
export function BlindMatch({ look }: { look: Look }) {
  const { say, pick } = useLanguage()
  const [number, setNumber] = useState('')
  const grant = look.grant
  const ask = useMutation({
    mutationFn: (code: string | null) =>
      care.match(grant!.id, code === null ? { number: number.trim() } : { number: number.trim(), code }),
    gcTime: 0,
    onSuccess: (match) => look.renew(match.grant),
  })
  if (grant === null) return null
  const answered = ask.data ?? null
  const why =
    grant.matchesLeft <= 0 ? say('match.noneLeft') : number.trim().length < 3 ? say('match.missing') : null
  return (
    <div className="match">
      <form
        autoComplete="off"
        onSubmit={(event) => {
          event.preventDefault()
          if (why === null && !ask.isPending) ask.mutate(null)
        }}
      >
        <TextInput
          label={say('match.title')}
          description={say('match.hint')}
          value={number}
          inputMode="tel"
          autoComplete="off"
          maxLength={32}
          rightSectionWidth={76}
          rightSection={<span className="small">{say('match.left', { count: grant.matchesLeft })}</span>}
          onChange={(event) => {
            setNumber(event.currentTarget.value)
            ask.reset()
          }}
        />
        {answered === null ? (
          <Act type="submit" wide busy={ask.isPending} why={why}>
            {say('match.act')}
          </Act>
        ) : null}
      </form>
      <div aria-live="assertive">
        {answered !== null && answered.answer !== 'code-sent' ? (
          <p className={`match-answer ${answered.answer}`}>{pick(answered.says)}</p>
        ) : null}
        {answered?.answer === 'code-sent' ? <p className="small">{pick(answered.says)}</p> : null}
      </div>
      {answered?.answer === 'code-sent' ? (
        <SecretBox label={say('match.code')} busy={ask.isPending} onSecret={(code) => ask.mutate(code)} />
      ) : null}
      {ask.isError ? <Trouble error={ask.error} /> : null}
    </div>
  )
}
