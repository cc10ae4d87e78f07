import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { court, type Statement, type Statements, type StatementText } from '../api/court.ts'
import type { Incident } from '../api/incidents.ts'
import { formatInstant } from '../format.ts'
import { useLanguage } from '../language.ts'
import { useMay } from '../session.tsx'
import { Act } from '../ui/act.tsx'
import { useChange } from '../ui/mutate.ts'
import { Answer, Trouble } from '../ui/state.tsx'
import { StatementDraft, TwoLines } from './statement-draft.tsx'
import { groundKey, useGroundWords } from './statement-ground.ts'

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
                <StatementDraft grounds={grounds} run={(text) => court.draft(one.id, text)} />
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
  const groundWords = useGroundWords(grounds)
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
                <p className="small">{groundWords(fact.ground)}</p>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  )
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
        <StatementDraft
          grounds={grounds}
          begin={text}
          blocked={missing}
          run={(next) => court.actStatement(id, statement.id, { do: 'correct', text: next, why })}
        />
      </div>
    </details>
  )
}
