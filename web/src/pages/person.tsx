import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { CALL_DETAIL_COURSE, OFFICES, ROLE_WORDS } from '../../../src/staff/staff.ts'
import { type PersonView, people } from '../api/people.ts'
import { formatClock, formatDay, formatInstant } from '../format.ts'
import { useLanguage } from '../language.ts'
import { Page } from '../ui/page.tsx'
import { Answer } from '../ui/state.tsx'
import { PersonActs } from './person-acts.tsx'

/** One person: what they may do, whether they may look, and what can be changed about them. */
export function PersonPage() {
  const { id } = useParams({ from: '/desk/people/$id' })
  const { say, pick } = useLanguage()
  const person = useQuery({ queryKey: ['person', id], queryFn: () => people.get(id) })
  const known = person.data?.person
  const office = OFFICES.find((o) => o.id === known?.office)
  return (
    <Page
      title={known ? `${known.name} · ${known.deskName}` : say('people.title')}
      lead={known && office ? `${pick(office.words)}, ${known.team}` : ''}
    >
      <p>
        <Link to="/people">{say('people.title')}</Link>
      </p>
      <Answer query={person}>{(view) => <PersonParts view={view} />}</Answer>
    </Page>
  )
}

function PersonParts({ view }: { view: PersonView }) {
  const { say, pick, language } = useLanguage()
  const { person } = view
  const training = view.trainings
    .filter(({ course }) => course === CALL_DETAIL_COURSE)
    .toSorted((a, b) => b.expiresAt - a.expiresAt)[0]
  const trained = training !== undefined && training.expiresAt > Date.now()
  const shift = view.shifts.find((s) => s.until > Date.now())
  const stopped = person.status !== 'active'
  return (
    <>
      <section className={`card ${stopped ? 'alarm' : ''}`}>
        <dl className="facts">
          <dt>{say('people.status')}</dt>
          <dd className={stopped ? 'stop' : ''}>{say(`status.${person.status}`)}</dd>
          <dt>{say('person.roles')}</dt>
          <dd>{person.roles.map((role) => pick(ROLE_WORDS[role])).join(', ')}</dd>
          <dt>{say('person.conduct')}</dt>
          <dd>
            {view.conduct
              ? `${say('settings.version', { version: view.conduct.version })}, ${formatInstant(view.conduct.signedAt, language)}`
              : say('person.conductUnsigned')}
          </dd>
          <dt>{say('person.trained')}</dt>
          <dd>
            {trained
              ? `${training.course}, ${say('contact.until', { until: formatDay(training.expiresAt, language) })}`
              : say('person.trainedNo')}
          </dd>
          <dt>{say('person.shift')}</dt>
          <dd>
            {shift
              ? `${formatDay(shift.from, language)} ${formatClock(shift.from)} – ${formatClock(shift.until)}`
              : say('person.offShift')}
          </dd>
          <dt>{say('person.since')}</dt>
          <dd>{formatInstant(view.addedAt, language)}</dd>
          <dt>{say('person.sessions')}</dt>
          <dd>{view.openSessions}</dd>
          {view.freezes.map((freeze) => (
            <div className="fact" key={freeze.frozenAt}>
              <dt>{say('status.frozen')}</dt>
              <dd>
                {formatInstant(freeze.frozenAt, language)}
                {freeze.liftedAt === null ? '' : ` – ${formatInstant(freeze.liftedAt, language)}`}:{' '}
                {freeze.reason}
              </dd>
            </div>
          ))}
          {view.dismissal ? (
            <>
              <dt>{say('status.dismissed')}</dt>
              <dd>
                {formatInstant(view.dismissal.dismissedAt, language)}: {view.dismissal.clause}.{' '}
                {view.dismissal.reason}
              </dd>
            </>
          ) : null}
        </dl>
      </section>
      <section className="card">
        <h2>{say('person.acts')}</h2>
        <PersonActs view={view} />
      </section>
    </>
  )
}
