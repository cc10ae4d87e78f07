import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { type Incident, type IncidentClock, incidents } from '../api/incidents.ts'
import { traces } from '../api/traces.ts'
import { formatInstant } from '../format.ts'
import { useLanguage } from '../language.ts'
import { dueWords } from '../lawful-words.ts'
import { useNow } from '../now.ts'
import { useMay } from '../session.tsx'
import { useOffice } from '../ui/office.ts'
import { Page } from '../ui/page.tsx'
import { Answer } from '../ui/state.tsx'
import { CasePeople } from './case-people.tsx'
import { word } from './contact-list.tsx'
import { employmentState } from './employment.tsx'
import { Freeze, NextStep } from './incident-acts.tsx'
import { AftermathOf } from './incident-aftermath.tsx'
import { ChainOf } from './incident-chain.tsx'
import { EnquiriesOf } from './incident-enquiries.tsx'
import { ExposureOf } from './incident-exposure.tsx'
import { PathsOf } from './incident-path.tsx'
import { ReferralsOf } from './incident-referral.tsx'
import { StatementsOf } from './incident-statements.tsx'

/** A case: what a director reads first, who is to be told until when, who it is about, what was exposed. */
export function IncidentPage() {
  const { id } = useParams({ from: '/desk/incidents/$id' })
  const { say } = useLanguage()
  const incident = useQuery({ queryKey: ['incident', id], queryFn: () => incidents.get(id), gcTime: 0 })
  return (
    <Page
      title={incident.data?.title ?? say('incident.title')}
      crumb={incident.data === undefined ? null : <Crumb one={incident.data} />}
    >
      <Answer query={incident}>{(one) => <Case one={one} />}</Answer>
    </Page>
  )
}

function Crumb({ one }: { one: Incident }) {
  const { say } = useLanguage()
  return (
    <>
      <Link to="/incidents">{say('incident.title')}</Link> ›{' '}
      {say('incident.crumb', { serial: one.serial, state: say(`incident.state.${one.state}`) })}
    </>
  )
}

function Case({ one }: { one: Incident }) {
  const { say, language } = useLanguage()
  const at = formatInstant(one.reportedAt, language)
  return (
    <div className="request">
      <div className="stack wide">
        <p className="lead">
          {one.summary === ''
            ? say('incident.summaryNone', { origin: say(`incident.origin.${one.origin}`), at })
            : one.summary}
        </p>
        {one.says === '' ? null : <blockquote>{one.says}</blockquote>}
        <Jumps />
        <Clocks clocks={one.clocks} />
        <div id="part-people">
          <People one={one} />
        </div>
        <Traces one={one} />
        <div id="part-notices" className="stack wide">
          <CasePeople id={one.id} />
        </div>
        <div id="part-chain">
          <ChainOf one={one} />
        </div>
        <PathsOf one={one} />
        <div id="part-police">
          <ReferralsOf one={one} />
        </div>
        <AftermathOf one={one} />
        <div id="part-public" className="stack wide">
          <StatementsOf one={one} />
          <EnquiriesOf one={one} />
        </div>
      </div>
      <aside className="stack wide" id="part-next">
        <NextStep one={one} />
        <Happened one={one} />
        <p className="small">{say('incident.holds', { count: one.holds })}</p>
      </aside>
    </div>
  )
}

/** The parts of a case, so that nobody scrolls through all of it on a phone. */
function Jumps() {
  const { say } = useLanguage()
  return (
    <nav className="jumps" aria-label={say('incident.parts')}>
      <a href="#part-next">{say('incident.next')}</a>
      <a href="#part-people">{say('incident.people')}</a>
      <a href="#part-notices">{say('casework.notices')}</a>
      <a href="#part-chain">{say('chain.title')}</a>
      <a href="#part-police">{say('referral.title')}</a>
      <a href="#part-public">{say('statement.title')}</a>
    </nav>
  )
}

function Clocks({ clocks }: { clocks: readonly IncidentClock[] }) {
  const { say, pick, language } = useLanguage()
  const now = useNow(30_000)
  const standing = ({ notice, dueAt }: IncidentClock) => {
    if (notice !== null)
      return say(`incident.noticed.${notice.outcome}`, {
        at: formatInstant(notice.at, language),
        says: notice.says,
      })
    return dueAt === null
      ? say('incident.notRunning')
      : say('incident.due', { when: dueWords(say, dueAt, now) })
  }
  return (
    <section>
      <h2>{say('incident.clocks')}</h2>
      <ul className="clocks">
        {clocks.map((clock) => (
          <li key={clock.id}>
            <p>{pick(clock.words)}</p>
            <b className={clock.notice === null && clock.dueAt !== null && clock.dueAt < now ? 'stop' : ''}>
              {standing(clock)}
              {clock.notice?.late ? ` · ${say('incident.lateSaid')}` : ''}
            </b>
            <p className="small">
              {say(`incident.who.${clock.who}`)} · <span lang="en">{clock.source}</span>
            </p>
          </li>
        ))}
      </ul>
    </section>
  )
}

function People({ one }: { one: Incident }) {
  const { say, language } = useLanguage()
  const may = useMay()
  const office = useOffice()
  return (
    <section>
      <h2>{say('incident.people')}</h2>
      {one.involved.length === 0 ? <p className="small">{say('incident.peopleNone')}</p> : null}
      {one.involved.map((person) => (
        <div key={person.staff} className="card stack">
          <p>
            <b>{person.deskName}</b> · {office(person.office)} ·{' '}
            {person.frozenAt === null ? (
              <span className="stop">{say('incident.notFrozen')}</span>
            ) : (
              say('incident.frozen', { at: formatInstant(person.frozenAt, language) })
            )}
          </p>
          <p className="small">{person.ground}</p>
          {person.employment.state === 'none' ? null : (
            <p className="small">
              {say('employment.brief', { state: employmentState(say, person.employment) })}
            </p>
          )}
          {person.frozenAt === null &&
          one.state !== 'closed' &&
          may('work-incident') &&
          may('freeze-person') ? (
            <Freeze id={one.id} person={person} />
          ) : null}
          <ExposureOf id={one.id} person={person} />
        </div>
      ))}
    </section>
  )
}

function Traces({ one }: { one: Incident }) {
  const { say, pick, language } = useLanguage()
  const may = useMay()
  const list = useQuery({ queryKey: ['traces', one.id], queryFn: () => traces.ofIncident(one.id) })
  return (
    <section>
      <h2>{say('incident.traces')}</h2>
      <Answer query={list}>
        {({ traces: found }) => (
          <ul className="plain-list">
            {found.map((trace) => (
              <li key={trace.id}>
                <Link to="/traces/$id" params={{ id: trace.id }}>
                  {pick(trace.headline)}
                </Link>{' '}
                <span className="small">{formatInstant(trace.at, language)}</span>
              </li>
            ))}
          </ul>
        )}
      </Answer>
      {may('run-trace') && one.state !== 'closed' ? (
        <p>
          <Link to="/traces" search={{ incident: one.serial }}>
            {say('incident.traceGo')}
          </Link>
        </p>
      ) : null}
      {one.confirmedAt === null ? null : (
        <p className="small">
          {say('incident.approvals', { path: one.approvals.path, further: one.approvals.further })}
        </p>
      )}
    </section>
  )
}

function Happened({ one }: { one: Incident }) {
  const { say, language } = useLanguage()
  const what = (text: string) =>
    ['incident.state', 'incident.origin', 'incident.said', 'incident.meant', 'after.what']
      .map((group) => word(say, group, text))
      .find((found) => found !== text) ?? text
  return (
    <section>
      <h2>{say('incident.happened')}</h2>
      <ol className="happened">
        {one.steps.map((step) => (
          <li key={step.index} data-act={step.act}>
            <span className="small">{formatInstant(step.at, language)}</span>{' '}
            <b>{word(say, 'incident.act', step.act)}</b>
            {step.what === '' ? '' : ` · ${what(step.what)}`} · {step.deskName}
            {step.says === '' ? null : <p className="small">{step.says}</p>}
            <p className="small">
              <Link to="/ledger/$index" params={{ index: String(step.index) }}>
                {step.index}
              </Link>
            </p>
          </li>
        ))}
      </ol>
    </section>
  )
}
