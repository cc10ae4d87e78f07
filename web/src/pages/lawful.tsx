import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type BoardLine, type LawfulFrame, lawful, type RequestState } from '../api/lawful.ts'
import { formatInstant } from '../format.ts'
import { useLanguage } from '../language.ts'
import { authorityName, categoryName, dueWords } from '../lawful-words.ts'
import { useNow } from '../now.ts'
import { Page } from '../ui/page.tsx'
import { Answer, Empty } from '../ui/state.tsx'

const COLUMNS = [
  { word: 'lawful.column.standards', states: ['reviewing'] },
  { word: 'lawful.column.making', states: ['approved', 'partly-approved', 'produced'] },
  { word: 'lawful.column.regulator', states: ['received', 'filtering', 'returned'] },
  { word: 'lawful.column.delivered', states: ['delivered', 'acknowledged'] },
  {
    word: 'lawful.column.over',
    states: ['closed', 'refused', 'withdrawn', 'expired', 'duress', 'misdirected'],
  },
] as const satisfies readonly { word: string; states: readonly RequestState[] }[]

/** Categories, bases, authorities, grounds and clocks: they change with a release, so they are read once. */
export function useFrames() {
  return useQuery({ queryKey: ['frames'], queryFn: lawful.frames, staleTime: 3_600_000 })
}

/** The board: every request by where it stands, the nearest deadline first. */
export function LawfulPage() {
  const { say } = useLanguage()
  const board = useQuery({ queryKey: ['lawful'], queryFn: lawful.board, refetchInterval: 30_000 })
  const frames = useFrames()
  const now = useNow(30_000)
  const all = board.data?.requests ?? []
  const open = all.filter((one) => one.waitsFor !== 'nobody')
  const late = open.filter((one) => one.deadlines.some((due) => due.what !== 'secrecy-ends' && due.at < now))
  return (
    <Page
      title={say('lawful.title')}
      lead={say('lawful.lead', { open: open.length, late: late.length })}
      aside={<Link to="/lawful/keys">{say('lawful.keys')}</Link>}
    >
      <Answer query={board}>
        {({ requests }) =>
          requests.length === 0 ? (
            <Empty says={say('lawful.none')} />
          ) : (
            <div className="stack wide">
              <div className="board">
                {COLUMNS.map(({ word, states }) => (
                  <Column
                    key={word}
                    word={word}
                    lines={requests.filter((one) => (states as readonly string[]).includes(one.state))}
                    frames={frames.data?.frames ?? []}
                    now={now}
                  />
                ))}
              </div>
              <Calendar requests={requests} now={now} />
            </div>
          )
        }
      </Answer>
    </Page>
  )
}

function Column({
  word,
  lines,
  frames,
  now,
}: {
  word: (typeof COLUMNS)[number]['word']
  lines: readonly BoardLine[]
  frames: readonly LawfulFrame[]
  now: number
}) {
  const { say } = useLanguage()
  const nearest = (one: BoardLine) => one.deadlines[0]?.at ?? Number.POSITIVE_INFINITY
  const sorted = lines.toSorted((a, b) => nearest(a) - nearest(b) || b.receivedAt - a.receivedAt)
  return (
    <section>
      <h2>
        {say(word)} · {lines.length}
      </h2>
      {sorted.length === 0 ? (
        <p className="small">{say('lawful.nothingHere')}</p>
      ) : (
        <ul className="list">
          {sorted.slice(0, 30).map((one) => (
            <Line key={one.id} one={one} frame={frames.find(({ id }) => id === one.frame)} now={now} />
          ))}
        </ul>
      )}
    </section>
  )
}

function Line({ one, frame, now }: { one: BoardLine; frame: LawfulFrame | undefined; now: number }) {
  const { say, language } = useLanguage()
  const due = one.deadlines[0]
  const isLate = due !== undefined && due.at < now && due.what !== 'secrecy-ends'
  return (
    <li className="stack tight">
      <span className="line between">
        <Link to="/lawful/$id" params={{ id: one.id }}>
          {one.requestNumber}
        </Link>
        {one.urgency === 'routine' ? null : (
          <span className={`tag ${one.urgency === 'emergency' ? 'stop' : ''}`}>
            {say(`lawful.urgency.${one.urgency}`)}
          </span>
        )}
      </span>
      <span className="small">
        {categoryName(frame, one.category, language)} · {authorityName(frame, one.authority, language)}
      </span>
      <span className="small">
        {say(`lawful.state.${one.state}`)}
        {one.waitsFor === 'nobody' ? '' : `, ${say(`lawful.waits.${one.waitsFor}`)}`}
      </span>
      {due === undefined ? null : (
        <span className={`small ${isLate ? 'stop' : ''}`}>
          {say(`lawful.due.${due.what}`)} {dueWords(say, due.at, now)}
        </span>
      )}
      {one.unratified ? <span className="small stop">{say('lawful.unratified')}</span> : null}
    </li>
  )
}

function Calendar({ requests, now }: { requests: readonly BoardLine[]; now: number }) {
  const { say, language } = useLanguage()
  const dues = requests
    .flatMap((one) => one.deadlines.map((due) => ({ one, due })))
    .toSorted((a, b) => a.due.at - b.due.at)
  return (
    <section>
      <h2>{say('lawful.calendar')}</h2>
      {dues.length === 0 ? (
        <p className="small">{say('lawful.calendarNone')}</p>
      ) : (
        <ol className="list calendar">
          {dues.slice(0, 40).map(({ one, due }) => (
            <li key={`${one.id}${due.what}`} className="line">
              <time className={due.at < now && due.what !== 'secrecy-ends' ? 'stop' : ''}>
                {formatInstant(due.at, language, now)}
              </time>
              <span>{say(`lawful.due.${due.what}`)}</span>
              <Link to="/lawful/$id" params={{ id: one.id }}>
                {one.requestNumber}
              </Link>
            </li>
          ))}
        </ol>
      )}
    </section>
  )
}
