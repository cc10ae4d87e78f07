import { NumberInput } from '@mantine/core'
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { type EntryLine, type LedgerHead, readEntries, readHead } from '../api/ledger.ts'
import { useEvents } from '../events.tsx'
import { formatAgo, formatCount, formatInstant } from '../format.ts'
import { useLanguage } from '../language.ts'
import { useNow } from '../now.ts'
import { useMay } from '../session.tsx'
import { Act } from '../ui/act.tsx'
import { Mark } from '../ui/mark.tsx'
import { Page } from '../ui/page.tsx'
import { Answer, Empty, Loading, Trouble } from '../ui/state.tsx'
import { EvidenceForm } from './evidence-form.tsx'

/** The ledger: how far it reaches, as a strip that grows; find an entry; the entries themselves. */
export function LedgerPage() {
  const { say } = useLanguage()
  const may = useMay()
  const client = useQueryClient()
  const head = useQuery({ queryKey: ['ledger-head'], queryFn: readHead })
  useEvents((name) => {
    if (name !== 'ledger-head' && name !== 'resync') return
    void client.invalidateQueries({ queryKey: ['ledger-head'] })
  })
  const lead = head.data ? say('ledger.lead', { size: formatCount(head.data.size) }) : ''
  return (
    <Page title={say('ledger.title')} lead={lead}>
      <Answer query={head}>
        {(data) => (
          <>
            <Strip size={data.size} />
            <section className="card">
              <Checkpoint head={data} />
            </section>
            <section>
              <FindEntry last={data.size - 1} />
            </section>
          </>
        )}
      </Answer>
      {may('make-evidence') ? <EvidenceForm /> : null}
      {may('read-entries') ? <Entries /> : null}
    </Page>
  )
}

const STRIP = 120

/** One stroke an entry; those that came while the page was open are in the colour of what is proven. */
function Strip({ size }: { size: number }) {
  const { say } = useLanguage()
  const [first] = useState(size)
  const shown = Math.min(STRIP, size)
  const step = 690 / STRIP
  return (
    <figure className="bars">
      <svg
        className="strip"
        viewBox="0 0 690 44"
        preserveAspectRatio="none"
        role="img"
        aria-label={say('ledger.strip', { count: shown, size: formatCount(size) })}
      >
        {Array.from({ length: shown }, (_, i) => {
          const index = size - shown + i
          const tall = index % 10 === 0 ? 40 : 28
          return (
            <rect
              key={index}
              x={i * step}
              y={44 - tall}
              width={step * 0.55}
              height={tall}
              fill={index >= first ? 'var(--proven)' : 'var(--data-2)'}
            />
          )
        })}
      </svg>
      <figcaption className="small line between">
        <span>{formatCount(Math.max(0, size - shown))}</span>
        <span>{formatCount(Math.max(0, size - 1))}</span>
      </figcaption>
    </figure>
  )
}

function Checkpoint({ head }: { head: LedgerHead }) {
  const { say, language } = useLanguage()
  const now = useNow(1000)
  const { countersigned } = head
  return (
    <>
      <h2 className="line">
        <Mark closed={countersigned.at !== null} /> {say('ledger.checkpoint')}
      </h2>
      <dl className="facts">
        <dt>{say('ledger.at')}</dt>
        <dd className="proven">
          {formatInstant(head.at, language)} ({formatAgo(head.at, now, language)})
        </dd>
        <dt>{say('ledger.root')}</dt>
        <dd className="mono">{head.root}</dd>
        <dt>{say('ledger.witnesses')}</dt>
        <dd>
          {countersigned.of === 0 ? say('ledger.noWitness') : null}
          {countersigned.at === null ? null : (
            <p className="proven">
              {say('foot.countersigned', {
                count: countersigned.by.length,
                of: countersigned.of,
                entry: formatCount(Math.max(0, countersigned.size - 1)),
                age: formatAgo(countersigned.at, now, language),
              })}
            </p>
          )}
          <ul className="plain">
            {countersigned.witnesses.map((witness) => (
              <WitnessLine key={witness.name} witness={witness} />
            ))}
          </ul>
        </dd>
        <dt>{say('ledger.outside')}</dt>
        <dd>
          <a href="/log/checkpoint">{say('ledger.publicCheckpoint')}</a> ·{' '}
          <a href="/log/policy">{say('ledger.publicPolicy')}</a>
        </dd>
      </dl>
    </>
  )
}

function WitnessLine({ witness }: { witness: LedgerHead['countersigned']['witnesses'][number] }) {
  const { say, language } = useLanguage()
  const now = useNow(1000)
  const { name, cosignedAt, cosignedSize, trouble, refusedAt } = witness
  const signed =
    cosignedAt === null
      ? say('ledger.witnessNever', { name })
      : say('ledger.witnessSigned', {
          name,
          entry: formatCount(Math.max(0, (cosignedSize ?? 0) - 1)),
          age: formatAgo(cosignedAt, now, language),
        })
  return (
    <li>
      {signed}
      {trouble === null ? null : (
        <span className={refusedAt === null ? 'small' : 'stop'}>
          {' '}
          {say(refusedAt === null ? 'ledger.witnessTrouble' : 'ledger.witnessRefuses')}{' '}
          <span lang="en">{trouble}</span>
        </span>
      )}
    </li>
  )
}

function FindEntry({ last }: { last: number }) {
  const { say } = useLanguage()
  const navigate = useNavigate()
  const [index, setIndex] = useState<number | string>('')
  const fits = typeof index === 'number' && Number.isInteger(index) && index >= 0 && index <= last
  return (
    <form
      className="line find-entry"
      onSubmit={(event) => {
        event.preventDefault()
        if (fits) void navigate({ to: '/ledger/$index', params: { index: String(index) } })
      }}
    >
      <NumberInput
        label={`${say('ledger.find')}: ${say('ledger.number')}`}
        value={index}
        onChange={setIndex}
        allowDecimal={false}
        allowNegative={false}
        hideControls
      />
      <Act
        type="submit"
        why={fits ? null : say('ledger.numberWrong', { last: formatCount(Math.max(0, last)) })}
      >
        {say('ledger.go')}
      </Act>
    </form>
  )
}

function Entries() {
  const { say } = useLanguage()
  const list = useInfiniteQuery({
    queryKey: ['ledger-entries'],
    queryFn: ({ pageParam }) => readEntries(pageParam),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (page) => {
      const oldest = page.entries.at(-1)?.index
      return oldest === undefined || oldest === 0 ? undefined : oldest
    },
  })
  return (
    <section>
      <h2>{say('ledger.entries')}</h2>
      {list.isPending ? <Loading /> : null}
      {list.isError ? <Trouble error={list.error} retry={() => void list.refetch()} /> : null}
      {list.data ? <EntryTable entries={list.data.pages.flatMap((page) => page.entries)} /> : null}
      {list.hasNextPage ? (
        <Act busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {say('act.more')}
        </Act>
      ) : null}
    </section>
  )
}

function EntryTable({ entries }: { entries: readonly EntryLine[] }) {
  const { say } = useLanguage()
  if (entries.length === 0) return <Empty says={say('ledger.empty')} />
  const text = (value: unknown) => (typeof value === 'string' ? value : '')
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reachable by keys
    <section className="scroll card" tabIndex={0} aria-label={say('ledger.entries')}>
      <table>
        <thead>
          <tr>
            <th scope="col" className="r">
              {say('ledger.number')}
            </th>
            <th scope="col">{say('ledger.kind')}</th>
            <th scope="col">{say('ledger.day')}</th>
            <th scope="col">{say('ledger.office')}</th>
            <th scope="col">{say('ledger.outcome')}</th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <tr key={entry.index}>
              <td className="r">
                <Link to="/ledger/$index" params={{ index: String(entry.index) }}>
                  {formatCount(entry.index)}
                </Link>
              </td>
              <td>{entry.header?.kind ?? say('ledger.lost')}</td>
              <td>{entry.header?.day}</td>
              <td>{text(entry.header?.office)}</td>
              <td>{text(entry.header?.outcome)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
