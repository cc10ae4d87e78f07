import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { type DeskView, type LawfulFrame, lawful } from '../api/lawful.ts'
import { formatDay, formatInstant } from '../format.ts'
import { useLanguage } from '../language.ts'
import { authorityName, categoryName, dayOfSecond, dueWords } from '../lawful-words.ts'
import { useNow } from '../now.ts'
import { Page } from '../ui/page.tsx'
import { Answer } from '../ui/state.tsx'
import { useFrames } from './lawful.tsx'
import { Checklist } from './lawful-checklist.tsx'
import { AfterReview } from './lawful-review.tsx'
import { Keys } from './lawful-ruling.tsx'

/** One request: what is asked, our standards, what would leave, the two keys, the package. */
export function LawfulRequestPage() {
  const { id } = useParams({ from: '/desk/lawful/$id' })
  const { say } = useLanguage()
  const request = useQuery({ queryKey: ['lawful', id], queryFn: () => lawful.get(id), gcTime: 0 })
  const frames = useFrames()
  const frame = frames.data?.frames.find((one) => one.id === request.data?.filing.frame)
  return (
    <Page title={request.data?.filing.necessity ?? say('lawful.title')}>
      <p>
        <Link to="/lawful">{say('lawful.title')}</Link>
      </p>
      <Answer query={request}>
        {(data) => (frame === undefined ? null : <Parts request={data} frame={frame} />)}
      </Answer>
    </Page>
  )
}

function Parts({ request, frame }: { request: DeskView; frame: LawfulFrame }) {
  const { say, language } = useLanguage()
  const { filing } = request
  return (
    <div className="stack wide">
      <p className="small">
        {request.requestNumber} · {request.serial} · {categoryName(frame, filing.category, language)} ·{' '}
        {authorityName(frame, filing.authority, language)} · {filing.officer.rank} {filing.officer.name}
      </p>
      <Standing request={request} />
      <Steps request={request} />
      <div className="request">
        <div className="stack wide">
          <Checklist key={`${request.state}${request.first?.at ?? 0}`} request={request} />
          <Asked request={request} frame={frame} />
        </div>
        <div className="stack wide">
          <Keys request={request} frame={frame} />
          <AfterReview request={request} frame={frame} />
          <section className="card stack tight">
            <h2>{say('lawful.public')}</h2>
            <p>
              {say('lawful.publicLine', {
                category: categoryName(frame, filing.category, language),
                outcome: say(`lawful.state.${request.state}`),
              })}
            </p>
          </section>
        </div>
      </div>
    </div>
  )
}

function Standing({ request }: { request: DeskView }) {
  const { say, language } = useLanguage()
  const now = useNow(30_000)
  const answer = request.deadlines.find((due) => due.what === 'answer')
  const isLate = answer !== undefined && answer.at < now
  return (
    <div className="stack tight">
      <p>
        <b>{say(`lawful.state.${request.state}`)}</b>
        {request.waitsFor === 'nobody' ? '' : `, ${say(`lawful.waits.${request.waitsFor}`)}`}.{' '}
        {answer === undefined ? null : (
          <span className={isLate ? 'stop' : ''}>
            {say('lawful.answerDue', { when: dueWords(say, answer.at, now) })}
          </span>
        )}
      </p>
      <p className="small">
        {request.toldAt !== null
          ? say('lawful.told', { day: formatDay(request.toldAt, language) })
          : request.secrecyUntil === null
            ? say('lawful.noSecrecy')
            : say('lawful.secrecyEnds', { day: formatDay(request.secrecyUntil, language) })}
      </p>
      {request.holds.count > 0 && request.holds.endsAt !== null ? (
        <p className="small">
          {say('lawful.holds', {
            count: request.holds.count,
            day: formatDay(request.holds.endsAt, language),
          })}
        </p>
      ) : null}
      {request.unratified ? <p className="stop">{say('lawful.unratified')}</p> : null}
    </div>
  )
}

/** The way of a request as a line: what is done, where it stands, what is still to come. */
function Steps({ request }: { request: DeskView }) {
  const { say, language } = useLanguage()
  const day = (at: number | null | undefined) => (at ? formatDay(at, language) : '')
  const produced = request.package
  const steps = [
    { word: 'lawful.step.asked', done: true, who: day(request.receivedAt) },
    {
      word: 'lawful.step.filtered',
      done: request.filter?.outcome === 'passed',
      who: day(request.filter?.at),
    },
    { word: 'lawful.step.standards', done: request.first !== null, who: request.first?.by?.name ?? '' },
    { word: 'lawful.step.second', done: request.second !== null, who: request.second?.by?.name ?? '' },
    { word: 'lawful.step.produced', done: produced !== null, who: day(produced?.madeAt) },
    { word: 'lawful.step.delivered', done: request.deliveredAt !== null, who: day(request.deliveredAt) },
    {
      word: 'lawful.step.receipt',
      done: request.state === 'acknowledged' || request.state === 'closed',
      who: '',
    },
  ] as const
  const current = steps.findIndex(({ done }) => !done)
  return (
    <ol className="steps">
      {steps.map(({ word, done, who }, at) => (
        <li
          key={word}
          className={done ? 'done' : at === current ? 'now' : ''}
          aria-current={at === current ? 'step' : undefined}
        >
          {say(word)}
          <span className="sub">{who}</span>
        </li>
      ))}
    </ol>
  )
}

function Asked({ request, frame }: { request: DeskView; frame: LawfulFrame }) {
  const { say, language, pick } = useLanguage()
  const { filing } = request
  const basis = frame.bases.find(({ code }) => code === filing.basis)
  return (
    <section className="stack">
      <h2>{say('lawful.what')}</h2>
      <dl className="facts">
        <dt>{say('lawful.case')}</dt>
        <dd>{filing.caseNumber}</dd>
        <dt>{say('lawful.offence')}</dt>
        <dd>{filing.offence}</dd>
        <dt>{say('lawful.basis')}</dt>
        <dd>
          {basis === undefined ? filing.basis : pick(basis.title)}
          {basis === undefined ? null : <span className="sub">{pick(basis.says)}</span>}
        </dd>
        <dt>{say('lawful.paper')}</dt>
        <dd>
          {filing.paper === null
            ? say('lawful.noPaper')
            : say('lawful.paperOf', {
                date: filing.paper.date,
                rank: filing.paper.rank,
                name: filing.paper.authorisedBy,
              })}
          {request.letters.map(({ digest }) => (
            <a key={digest} className="sub" href={lawful.letterAddress(request.id, digest)}>
              {say('lawful.letter')} {digest.slice(0, 8)}
            </a>
          ))}
        </dd>
        {filing.threatToLife === null ? null : (
          <>
            <dt>{say('lawful.threat')}</dt>
            <dd>{filing.threatToLife}</dd>
          </>
        )}
        <dt>{say('lawful.identifiers')}</dt>
        <dd>
          <ul className="plain">
            {filing.identifiers.map((one) => (
              <li key={`${one.value}${one.from}`}>
                <span className="private">{one.value}</span> ({say(`lawful.type.${one.type}`)},{' '}
                {say(`lawful.role.${one.role}`)}) {dayOfSecond(one.from)} – {dayOfSecond(one.until - 1)}
              </li>
            ))}
          </ul>
        </dd>
        <dt>{say('lawful.fields')}</dt>
        <dd>{filing.fields.map((field) => say(`lawful.field.${field}`)).join(', ')}</dd>
      </dl>
      {filing.asksContent ? <p className="small">{say('lawful.content')}</p> : null}
      {filing.preserveOnly ? <p className="small">{say('lawful.preserve')}</p> : null}
      {request.filter === null ? null : (
        <p className="small">
          {say('counter.filterSaid')}: {request.filter.reason} ({request.filter.by?.name ?? ''},{' '}
          {formatInstant(request.filter.at, language)})
        </p>
      )}
    </section>
  )
}
