import { NativeSelect, TextInput } from '@mantine/core'
import { useState } from 'react'
import { CHECKS, STANDARD_WORDS, type Standard } from '../../../src/lawful/checks.ts'
import { type CheckAnswer, type CheckId, type DeskView, lawful } from '../api/lawful.ts'
import { useLanguage } from '../language.ts'
import { Act } from '../ui/act.tsx'
import { useChange } from '../ui/mutate.ts'
import { Trouble } from '../ui/state.tsx'

type Draft = Partial<Record<CheckId, { answer: CheckAnswer; reason: string }>>
const STANDARDS = [...new Set(CHECKS.map(({ standard }) => standard))]

/** The operator's standards, each with its reason; what the records show stands there as a proposal. */
export function Checklist({ request }: { request: DeskView }) {
  const { say, pick } = useLanguage()
  const mayAnswer = request.may.includes('answer-checks') && request.first === null
  const [draft, setDraft] = useState<Draft>(() => (mayAnswer ? proposed(request) : {}))
  const save = useChange(
    () =>
      lawful.check(
        request.id,
        Object.entries(draft).map(([check, given]) => ({ check: check as CheckId, ...given })),
      ),
    ['lawful'],
    () => setDraft({}),
  )
  const given = Object.values(draft)
  const why =
    given.length === 0 || given.some(({ reason }) => reason.trim().length < 3)
      ? say('lawful.checksMissing')
      : null
  return (
    <section className="stack">
      <h2>{say('lawful.standards')}</h2>
      {STANDARDS.map((standard: Standard) => (
        <fieldset key={standard} className="standard">
          <legend>{pick(STANDARD_WORDS[standard])}</legend>
          {CHECKS.filter((check) => check.standard === standard).map((check) => (
            <Row
              key={check.id}
              id={check.id}
              words={pick(check.words)}
              request={request}
              draft={draft[check.id]}
              change={mayAnswer ? (next) => setDraft({ ...draft, [check.id]: next }) : null}
            />
          ))}
        </fieldset>
      ))}
      {mayAnswer ? (
        <div className="stack">
          <Act tone="main" busy={save.isPending} why={why} onClick={() => save.mutate(undefined)}>
            {say('lawful.saveChecks')}
          </Act>
          {save.isError ? <Trouble error={save.error} /> : null}
        </div>
      ) : null}
    </section>
  )
}

function Row({
  id,
  words,
  request,
  draft,
  change,
}: {
  id: CheckId
  words: string
  request: DeskView
  draft: { answer: CheckAnswer; reason: string } | undefined
  change: ((next: { answer: CheckAnswer; reason: string }) => void) | null
}) {
  const { say } = useLanguage()
  const stored = request.checks[id]
  const suggestion = request.suggestions[id]
  const shown = draft ?? stored
  if (change === null)
    return (
      <div className="check">
        <span>{words}</span>
        <b className={shown?.answer === 'no' ? 'stop' : shown?.answer === 'yes' ? 'proven' : ''}>
          {shown === undefined ? say('lawful.open') : say(`lawful.${shown.answer}`)}
        </b>
        <span className="small">{shown?.reason ?? ''}</span>
      </div>
    )
  return (
    <div className="check">
      <span>
        {words}
        {suggestion === undefined ? null : (
          <span className="sub">
            {say('lawful.suggested')}: {suggestion.reason}
          </span>
        )}
      </span>
      <NativeSelect
        aria-label={say('lawful.answerOf', { check: words })}
        value={shown?.answer ?? ''}
        onChange={(event) =>
          change({ answer: event.currentTarget.value as CheckAnswer, reason: shown?.reason ?? '' })
        }
        data={[
          ...(shown === undefined ? [{ value: '', label: say('lawful.open') }] : []),
          ...(['yes', 'no', 'not-applicable'] as const).map((value) => ({
            value,
            label: say(`lawful.${value}`),
          })),
        ]}
      />
      <TextInput
        aria-label={say('lawful.reasonOf', { check: words })}
        value={shown?.reason ?? ''}
        maxLength={1000}
        onChange={(event) => change({ answer: shown?.answer ?? 'yes', reason: event.currentTarget.value })}
      />
    </div>
  )
}

function proposed(request: DeskView): Draft {
  return Object.fromEntries(
    Object.entries(request.suggestions).filter(([id]) => request.checks[id as CheckId] === undefined),
  )
}
