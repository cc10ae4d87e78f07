import { TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { type OwnLooks, watch } from '../api/watch.ts'
import { formatInstant, formatMonth } from '../format.ts'
import { useLanguage } from '../language.ts'
import { Act } from '../ui/act.tsx'
import { useChange } from '../ui/mutate.ts'
import { Answer, Empty, Trouble } from '../ui/state.tsx'
import { word } from './contact-list.tsx'

const LEVELS = ['watch.level.0', 'watch.level.1', 'watch.level.2', 'watch.level.3'] as const

/** What is recorded about one's own looks, and where one says what a look was for. */
export function OwnLooksParts() {
  const { say } = useLanguage()
  const own = useQuery({ queryKey: ['own-looks'], queryFn: watch.own })
  return (
    <section className="card">
      <h2>{say('own.title')}</h2>
      <p className="small">{say('own.lead')}</p>
      <Answer query={own}>
        {({ looks }) =>
          looks.length === 0 ? (
            <Empty says={say('own.none')} />
          ) : (
            <ul className="list">
              {looks.map((look) => (
                <OwnLook key={look.look} look={look} />
              ))}
            </ul>
          )
        }
      </Answer>
    </section>
  )
}

function OwnLook({ look }: { look: OwnLooks['looks'][number] }) {
  const { say, language } = useLanguage()
  const facts = [
    formatMonth(look.month, language),
    word(say, 'purpose', look.purpose),
    say(LEVELS[look.level] ?? 'watch.level.0'),
    ...(look.rows === null ? [] : [say('watch.rows', { count: look.rows })]),
    ...(look.answered ? [say('own.answered')] : []),
    ...(look.settled === null ? [] : [say(`own.settled.${look.settled}`)]),
  ]
  return (
    <li className="stack tight">
      <span>
        {formatInstant(look.at, language)} <span className="small">{facts.join(' · ')}</span>
      </span>
      {look.asks ? <AnswerWord look={look.look} /> : null}
    </li>
  )
}

function AnswerWord({ look }: { look: string }) {
  const { say } = useLanguage()
  const [says, setSays] = useState('')
  const answer = useChange(() => watch.answer(look, says.trim()), ['own-looks'])
  return (
    <form
      className="stack tight"
      onSubmit={(event) => {
        event.preventDefault()
        if (says.trim().length >= 3) answer.mutate(undefined)
      }}
    >
      <TextInput
        label={say('own.asks')}
        value={says}
        maxLength={1000}
        onChange={(event) => setSays(event.currentTarget.value)}
      />
      <Act
        type="submit"
        busy={answer.isPending}
        why={says.trim().length < 3 ? say('watch.becauseMissing') : null}
      >
        {say('own.answer')}
      </Act>
      {answer.isError ? <Trouble error={answer.error} /> : null}
    </form>
  )
}
