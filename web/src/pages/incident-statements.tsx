import { NativeSelect, Textarea } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { court, type Statement, type Statements, type StatementText } from '../api/court.ts'
import type { Incident } from '../api/incidents.ts'
import { formatInstant } from '../format.ts'
import { type Say, useLanguage } from '../language.ts'
import { useMay } from '../session.tsx'
import { Act } from '../ui/act.tsx'
import { useChange } from '../ui/mutate.ts'
import { Answer, Trouble } from '../ui/state.tsx'
import { word } from './contact-list.tsx'

const TOUCHES = ['statements', 'incident'] as const

/** What was said in public about a case, what waits for approval, and the form for more. */
export function StatementsOf({ one }: { one: Incident }) {
  const { say } = useLanguage()
  const may = useMay()
  const list = useQuery({
    queryKey: ['statements', one.id],
    queryFn: () => court.statements(one.id),
    gcTime: 0,
  })
  return (
    <section className="stack">
      <h2>{say('statement.title')}</h2>
      <p className="small">
        <a href="/statements">{say('statement.page')}</a>
      </p>
      <Answer query={list}>
        {({ statements, grounds }) => (
          <>
            {statements.length === 0 ? <p className="small">{say('statement.none')}</p> : null}
            {statements
              .filter(({ versions }) => versions.length > 0)
              .map((statement) => (
                <Standing key={statement.id} id={one.id} statement={statement} grounds={grounds} />
              ))}
            {may('draft-statement') ? (
              <details>
                <summary>{say('statement.new')}</summary>
                <Draft grounds={grounds} run={(text) => court.draft(one.id, text)} />
              </details>
            ) : null}
          </>
        )}
      </Answer>
    </section>
  )
}

type Version = Statement['versions'][number]

function Standing({
  id,
  statement,
  grounds,
}: {
  id: string
  statement: Statement
  grounds: Statements['grounds']
}) {
  const { say, pick } = useLanguage()
  const may = useMay()
  const act = useChange(
    (does: 'approve' | 'drop') => court.actStatement(id, statement.id, { do: does }),
    TOUCHES,
  )
  const last = statement.versions.at(-1)
  const title = statement.versions.findLast(({ text }) => text !== null)?.text?.title
  if (last === undefined || title === undefined) return null
  const pending = last.publishedAt === null
  return (
    <article className="card stack">
      <h3>{pick(title)}</h3>
      {statement.versions.map((version) => (
        <VersionOf key={version.at} version={version} grounds={grounds} />
      ))}
      {pending && may('approve-statement') ? (
        <Act
          busy={act.isPending}
          why={last.mine ? say('statement.approveMine') : null}
          onClick={() => act.mutate('approve')}
        >
          {say('statement.approve')}
        </Act>
      ) : null}
      {pending && may('draft-statement') ? (
        <Act tone="plain" busy={act.isPending} onClick={() => act.mutate('drop')}>
          {say('statement.drop')}
        </Act>
      ) : null}
      {act.isError ? <Trouble error={act.error} /> : null}
      {!pending && last.does !== 'withdraw' && may('draft-statement') ? (
        <Mend id={id} statement={statement} text={last.text} grounds={grounds} />
      ) : null}
    </article>
  )
}

function VersionOf({ version, grounds }: { version: Version; grounds: Statements['grounds'] }) {
  const { say, pick, language } = useLanguage()
  const { text, why, publishedAt } = version
  return (
    <div>
      <p className="small">
        {say(`statement.does.${version.does}`)} · {version.deskName} ·{' '}
        {publishedAt === null
          ? say('statement.waits', { count: version.approvals.length })
          : say('statement.published', { at: formatInstant(publishedAt, language) })}
        {version.approvals.map(({ deskName }) => ` · ${deskName}`).join('')}
      </p>
      {why === null ? null : <p>{pick(why)}</p>}
      {text === null ? null : (
        <>
          {text.answer === null ? null : (
            <p>
              {say('statement.answer')}: <b>{say(`statement.answer.${text.answer}`)}</b>
            </p>
          )}
          <ul className="plain-list">
            {text.facts.map((fact) => (
              <li key={`${groundKey(fact.ground)} ${fact.words.en}`}>
                {pick(fact.words)}
                <p className="small">{groundWords(say, fact.ground, grounds)}</p>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  )
}

type Ground = StatementText['facts'][number]['ground']
const groundKey = (ground: Ground) => ('house' in ground ? ground.house : String(ground.entry))

function groundWords(say: Say, ground: Ground, grounds: Statements['grounds']): string {
  if ('house' in ground) return say(`statement.ground.${ground.house}`)
  const found = grounds.find(({ entry }) => entry === ground.entry)
  const act =
    found?.act === 'trace' ? say('statement.act.trace') : word(say, 'incident.act', found?.act ?? '')
  return say('statement.ground.entry', { entry: ground.entry, act, what: found?.what ?? '' }).trim()
}

function Mend({
  id,
  statement,
  text,
  grounds,
}: {
  id: string
  statement: Statement
  text: StatementText | null
  grounds: Statements['grounds']
}) {
  const { say } = useLanguage()
  const [why, setWhy] = useState({ en: '', my: '' })
  const withdrawing = useChange(() => court.actStatement(id, statement.id, { do: 'withdraw', why }), TOUCHES)
  const missing = Object.values(why).some((words) => words.trim().length < 3)
  return (
    <details>
      <summary>
        {say('statement.correct')} · {say('statement.withdraw')}
      </summary>
      <div className="stack">
        <p className="small">{say('statement.withdrawTell')}</p>
        <TwoLines name="why" words={why} set={setWhy} />
        <Act
          tone="stop"
          busy={withdrawing.isPending}
          why={missing ? say('court.fieldsWhy') : null}
          onClick={() => withdrawing.mutate(undefined)}
        >
          {say('statement.withdraw')}
        </Act>
        {withdrawing.isError ? <Trouble error={withdrawing.error} /> : null}
        <Draft
          grounds={grounds}
          begin={text}
          blocked={missing}
          run={(next) => court.actStatement(id, statement.id, { do: 'correct', text: next, why })}
        />
      </div>
    </details>
  )
}

type TwoWords = { en: string; my: string }

function TwoLines({
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

function Draft({
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
        <fieldset key={at} className="stack">
          <TwoLines name="fact" words={fact.words} set={(next) => setFact(at, { ...fact, words: next })} />
          <NativeSelect
            label={say('statement.ground')}
            value={groundKey(fact.ground)}
            data={[
              { value: 'content-never-held', label: say('statement.ground.content-never-held') },
              ...grounds.map(({ entry }) => ({
                value: String(entry),
                label: groundWords(say, { entry }, grounds),
              })),
            ]}
            onChange={(event) => {
              const { value } = event.currentTarget
              const ground =
                value === 'content-never-held' ? ({ house: value } as const) : { entry: Number(value) }
              setFact(at, { ...fact, ground })
            }}
          />
        </fieldset>
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
