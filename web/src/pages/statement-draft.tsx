import { NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { ZEROS } from '../../../src/incident/statement-rules.ts'
import type { Statements, StatementText } from '../api/court.ts'
import { useLanguage } from '../language.ts'
import { Act } from '../ui/act.tsx'
import { useChange } from '../ui/mutate.ts'
import { Trouble } from '../ui/state.tsx'
import { localMinute } from './case-day.ts'
import { type Ground, groundKey, useGroundWords } from './statement-ground.ts'

const TOUCHES = ['statements', 'incident'] as const

type TwoWords = { en: string; my: string }

/** One text in both languages. */
export function TwoLines({
  name,
  words,
  set,
}: {
  name: 'head' | 'fact' | 'why'
  words: TwoWords
  set: (words: TwoWords) => void
}) {
  const { say } = useLanguage()
  return (
    <>
      <Textarea
        label={say(`statement.${name}.en`)}
        value={words.en}
        maxLength={name === 'head' ? 300 : 500}
        rows={2}
        onChange={(event) => set({ ...words, en: event.currentTarget.value })}
      />
      <Textarea
        label={say(`statement.${name}.my`)}
        value={words.my}
        maxLength={name === 'head' ? 300 : 500}
        rows={2}
        onChange={(event) => set({ ...words, my: event.currentTarget.value })}
      />
    </>
  )
}

const EMPTY: StatementText = { kind: 'statement', title: { en: '', my: '' }, answer: null, facts: [] }
const NO_FACT = { words: { en: '', my: '' }, ground: { house: 'content-never-held' as const } }

/** A statement or an answer being written, each fact with what it rests on. */
export function StatementDraft({
  grounds,
  begin = null,
  blocked = false,
  run,
}: {
  grounds: Statements['grounds']
  begin?: StatementText | null
  blocked?: boolean
  run: (text: StatementText) => Promise<unknown>
}) {
  const { say } = useLanguage()
  const [text, setText] = useState<StatementText>(begin ?? { ...EMPTY, facts: [NO_FACT] })
  const doing = useChange(async (given: StatementText) => {
    await run(given)
    setText({ ...EMPTY, facts: [NO_FACT] })
  }, TOUCHES)
  const words = [text.title, ...text.facts.map((fact) => fact.words)].flatMap(({ en, my }) => [en, my])
  const missing = blocked || words.some((one) => one.trim().length < 3)
  const setFact = (at: number, fact: StatementText['facts'][number]) =>
    setText({ ...text, facts: text.facts.map((one, i) => (i === at ? fact : one)) })
  return (
    <form
      className="card stack"
      onSubmit={(event) => {
        event.preventDefault()
        if (!missing) doing.mutate(text)
      }}
    >
      <NativeSelect
        label={say('statement.kind')}
        value={text.kind}
        data={(['statement', 'rumour'] as const).map((value) => ({
          value,
          label: say(`statement.kind.${value}`),
        }))}
        onChange={(event) => {
          const kind = event.currentTarget.value as StatementText['kind']
          setText({ ...text, kind, answer: kind === 'rumour' ? 'untrue' : null })
        }}
      />
      <TwoLines name="head" words={text.title} set={(title) => setText({ ...text, title })} />
      {text.kind === 'rumour' ? (
        <NativeSelect
          label={say('statement.answer')}
          value={text.answer ?? 'untrue'}
          data={(['untrue', 'true', 'not-known'] as const).map((value) => ({
            value,
            label: say(`statement.answer.${value}`),
          }))}
          onChange={(event) =>
            setText({ ...text, answer: event.currentTarget.value as NonNullable<StatementText['answer']> })
          }
        />
      ) : null}
      {text.facts.map((fact, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a fact that is being written has no name but its place
        <FactFields key={at} fact={fact} grounds={grounds} set={(next) => setFact(at, next)} />
      ))}
      <Act
        tone="plain"
        why={text.facts.length >= 12 ? say('court.fieldsWhy') : null}
        onClick={() => setText({ ...text, facts: [...text.facts, NO_FACT] })}
      >
        {say('statement.more')}
      </Act>
      <p className="small">{say('statement.draftTell')}</p>
      <Act type="submit" busy={doing.isPending} why={missing ? say('court.fieldsWhy') : null}>
        {say('statement.draftGo')}
      </Act>
      {doing.isError ? <Trouble error={doing.error} /> : null}
    </form>
  )
}

type Fact = StatementText['facts'][number]

function FactFields({
  fact,
  grounds,
  set,
}: {
  fact: Fact
  grounds: Statements['grounds']
  set: (fact: Fact) => void
}) {
  const { say } = useLanguage()
  const groundWords = useGroundWords(grounds)
  const { ground } = fact
  return (
    <fieldset className="stack">
      <TwoLines name="fact" words={fact.words} set={(words) => set({ ...fact, words })} />
      <NativeSelect
        label={say('statement.ground')}
        value={groundKey(ground)}
        data={[
          { value: 'content-never-held', label: say('statement.ground.content-never-held') },
          ...ZEROS.map((what) => ({ value: `zero:${what}`, label: say(`statement.zero.${what}`) })),
          ...grounds.map(({ entry }) => ({ value: String(entry), label: groundWords({ entry }) })),
        ]}
        onChange={(event) => set({ ...fact, ground: groundOf(event.currentTarget.value) })}
      />
      {'zero' in ground ? (
        <>
          <TextInput
            type="date"
            label={say('statement.zeroSince')}
            onChange={(event) => {
              const since = localMinute(`${event.currentTarget.value}T00:00`)
              const until = Date.now() - 60_000
              if (Number.isFinite(since)) set({ ...fact, ground: { zero: { ...ground.zero, since, until } } })
            }}
          />
          <p className="small">{say('statement.zeroTell')}</p>
        </>
      ) : null}
    </fieldset>
  )
}

function groundOf(value: string): Ground {
  if (value === 'content-never-held') return { house: value }
  const what = ZEROS.find((one) => value === `zero:${one}`)
  return what === undefined ? { entry: Number(value) } : { zero: { what, since: 0, until: 0 } }
}
