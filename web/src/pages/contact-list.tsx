import { NativeSelect } from '@mantine/core'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import type { ContactLine } from '../api/care.ts'
import { formatInstant } from '../format.ts'
import { type Say, useLanguage, type WordKey } from '../language.ts'
import { useOffice } from '../ui/office.ts'
import { Empty } from '../ui/state.tsx'

type Shown = 'all' | 'open' | 'closed'
type Order = 'newest' | 'oldest'

/** What a list of contacts is filtered and ordered by; it stands in the URL. */
export interface ListSearch {
  show?: Shown
  order?: Order
  /** The search box handed a number over. */
  open?: number
}

/** Reads a list's filter from a URL; anything else is ignored. */
export function parseListSearch(search: Record<string, unknown>): ListSearch {
  const parsed: ListSearch = {}
  if (search.show === 'open' || search.show === 'closed') parsed.show = search.show
  if (search.order === 'oldest') parsed.order = 'oldest'
  if (search.open === 1) parsed.open = 1
  return parsed
}

interface ContactListProps {
  lines: readonly ContactLine[]
  empty: string
  /** Whether each line leads to its contact, and whether the desk is named. */
  linked?: boolean
  desks?: boolean
}

/** Contacts without a number and without a name: when, how, how far. */
export function ContactList({ lines, empty, linked = true, desks = false }: ContactListProps) {
  const { say } = useLanguage()
  const search = useSearch({ strict: false }) as ListSearch
  const navigate = useNavigate()
  if (lines.length === 0) return <Empty says={empty} />
  const shown = search.show ?? 'all'
  const order = search.order ?? 'newest'
  const kept = lines
    .filter((line) => shown === 'all' || (line.closedAt === null) === (shown === 'open'))
    .toSorted((a, b) => (order === 'newest' ? b.openedAt - a.openedAt : a.openedAt - b.openedAt))
  const set = (next: ListSearch) =>
    void navigate({ to: '.', search: { ...search, ...next }, replace: true, resetScroll: false })
  return (
    <div className="stack">
      <div className="fields narrow">
        <NativeSelect
          label={say('list.show')}
          value={shown}
          onChange={(event) => set({ show: event.currentTarget.value as Shown })}
          data={(['all', 'open', 'closed'] as const).map((value) => ({ value, label: say(`list.${value}`) }))}
        />
        <NativeSelect
          label={say('list.sort')}
          value={order}
          onChange={(event) => set({ order: event.currentTarget.value as Order })}
          data={(['newest', 'oldest'] as const).map((value) => ({ value, label: say(`list.${value}`) }))}
        />
      </div>
      {kept.length === 0 ? (
        <Empty says={say('list.none')} />
      ) : (
        <ul className="list">
          {kept.map((line) => (
            <ContactItem key={line.id} line={line} linked={linked} desks={desks} />
          ))}
        </ul>
      )}
    </div>
  )
}

/** One contact in a list, as a sentence of small facts. */
export function ContactItem({ line, linked, desks }: { line: ContactLine; linked: boolean; desks: boolean }) {
  const { say, language } = useLanguage()
  const office = useOffice()
  const when = formatInstant(line.openedAt, language)
  return (
    <li className="line between">
      <span className="line">
        {linked ? (
          <Link to="/care/contacts/$id" params={{ id: line.id }}>
            {when}
          </Link>
        ) : (
          <span>{when}</span>
        )}
        {desks ? (
          <span>
            {line.deskName} <span className="small">{office(line.office)}</span>
          </span>
        ) : null}
        <span className="small">{word(say, 'channel', line.channel)}</span>
        {line.confirmed ? <span className="proven small">●</span> : null}
      </span>
      <span className="line">
        <span className="small">{word(say, 'rung', line.rung)}</span>
        {line.look === 'none' ? null : (
          <span className={`tag ${line.look === 'active' ? 'private' : ''}`}>
            {word(say, 'look', line.look)}
          </span>
        )}
        {line.brokenGlass ? <span className="tag stop">{say('channel.break-glass')}</span> : null}
        <span className={`tag ${line.state === 'locked' || line.state === 'refused' ? 'stop' : ''}`}>
          {line.resolution ? word(say, 'resolution', line.resolution) : word(say, 'contactState', line.state)}
        </span>
      </span>
    </li>
  )
}

/** A code of the API in words; a code that has none is shown as it is. */
export function word(say: Say, group: string, code: string): string {
  const key = `${group}.${code}` as WordKey
  const said = say(key)
  return said === key ? code : said
}
