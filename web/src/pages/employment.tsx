import { useQuery } from '@tanstack/react-query'
import { type Employment, employments } from '../api/employment.ts'
import { formatInstant } from '../format.ts'
import { type Say, useLanguage } from '../language.ts'
import { useOffice } from '../ui/office.ts'
import { Page } from '../ui/page.tsx'
import { Answer, Empty } from '../ui/state.tsx'
import { EmploymentStep } from './employment-step.tsx'

/** Those that cases are about, and what becomes of them: for administrators, who act, and counsel, who reads. */
export function EmploymentPage() {
  const { say } = useLanguage()
  const list = useQuery({ queryKey: ['employments'], queryFn: employments.list, gcTime: 0 })
  return (
    <Page title={say('employment.title')} lead={say('employment.lead')}>
      <Answer query={list}>
        {({ matters }) =>
          matters.length === 0 ? (
            <Empty says={say('employment.none')} next={say('employment.noneNext')} />
          ) : (
            <div className="stack wide">
              {matters.map((one) => (
                <Matter key={`${one.incident}/${one.person.staff}`} one={one} />
              ))}
            </div>
          )
        }
      </Answer>
    </Page>
  )
}

/** How far it is, as a sentence. */
export function employmentState(
  say: Say,
  {
    state,
    outcome,
  }: { state: Employment['state']; outcome: NonNullable<Employment['last']>['outcome'] | null },
): string {
  return say(`employment.state.${state}`, {
    outcome: outcome === null ? '' : say(`employment.outcome.${outcome}`),
  })
}

function Matter({ one }: { one: Employment }) {
  const { say } = useLanguage()
  const office = useOffice()
  const { person, serial, decision, last } = one
  const outcome = last?.outcome ?? decision?.outcome ?? null
  return (
    <section className="card stack" aria-label={`${person.deskName} · ${serial}`}>
      <h2>
        {person.deskName} · {office(person.office)}
      </h2>
      <p className="lead">{employmentState(say, { state: one.state, outcome })}</p>
      <p className="small">{say('employment.case', { serial, ground: person.ground })}</p>
      {one.confirmed ? null : <p className="small">{say('employment.unconfirmed')}</p>}
      <History one={one} />
      <EmploymentStep one={one} />
    </section>
  )
}

function History({ one }: { one: Employment }) {
  const { say, language } = useLanguage()
  const { suspended, hearing, decision, appeal, last } = one
  const said: { of: string; words: string; says: string }[] = []
  const add = (of: string, words: string, says: string) => said.push({ of, words, says })
  const when = (at: number) => formatInstant(at, language)
  if (suspended !== null) {
    const { deskName: desk, at, clauses, says } = suspended
    add('suspended', say('employment.said.suspended', { desk, at: when(at), ...clauses }), says)
  }
  if (hearing !== null) {
    const companion = hearing.companion === '' ? say('employment.alone') : hearing.companion
    const words = { desk: hearing.deskName, on: when(hearing.heardAt), companion }
    add('heard', say(hearing.came ? 'employment.said.heard' : 'employment.said.away', words), hearing.says)
  }
  if (decision !== null) {
    const { deskName: desk, at, clauses, says } = decision
    const outcome = say(`employment.outcome.${decision.outcome}`)
    add('decided', say('employment.said.decided', { desk, at: when(at), outcome, ...clauses }), says)
  }
  if (appeal !== null)
    add(
      'appealed',
      say('employment.said.appealed', { desk: appeal.deskName, at: when(appeal.at) }),
      appeal.says,
    )
  if (last !== null) {
    const outcome = say(`employment.outcome.${last.outcome}`)
    add('final', say('employment.said.final', { desk: last.deskName, at: when(last.at), outcome }), last.says)
  }
  if (said.length === 0) return null
  return (
    <ol className="happened">
      {said.map(({ of, words, says }) => (
        <li key={of}>
          {words}
          <p className="small">{says}</p>
        </li>
      ))}
    </ol>
  )
}
