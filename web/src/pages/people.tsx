import { NativeSelect, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { OFFICES, ROLE_WORDS, ROLES } from '../../../src/staff/staff.ts'
import { type Person, people, type RoleProposal } from '../api/people.ts'
import { formatInstant } from '../format.ts'
import { useLanguage } from '../language.ts'
import { useMay, useSession } from '../session.tsx'
import { Act } from '../ui/act.tsx'
import { useChange } from '../ui/mutate.ts'
import { Page } from '../ui/page.tsx'
import { Answer, Empty, Trouble } from '../ui/state.tsx'
import { AddPerson } from './add-person.tsx'

const STATUSES = ['active', 'frozen', 'dismissed'] as const

/** What the list of people is filtered by; it stands in the URL. */
export interface PeopleSearch {
  q?: string
  role?: string
  office?: string
  status?: string
}

/** Reads the filter from a URL. */
export function parsePeopleSearch(search: Record<string, unknown>): PeopleSearch {
  const parsed: PeopleSearch = {}
  for (const key of ['q', 'role', 'office', 'status'] as const) {
    const value = search[key]
    if (typeof value === 'string' && value !== '') parsed[key] = value
  }
  return parsed
}

/** Who works here. */
export function PeoplePage() {
  const { say } = useLanguage()
  const may = useMay()
  const list = useQuery({ queryKey: ['people'], queryFn: people.list })
  return (
    <Page
      title={say('people.title')}
      lead={say('people.lead')}
      aside={may('add-person') ? <AddPerson /> : null}
    >
      <Proposals />
      <section className="stack">
        <Filters />
        <Answer query={list}>{({ people: all }) => <PeopleList all={all} />}</Answer>
      </section>
    </Page>
  )
}

function Filters() {
  const { say, pick } = useLanguage()
  const search = useSearch({ strict: false }) as PeopleSearch
  const navigate = useNavigate()
  const set = (next: PeopleSearch) =>
    void navigate({
      to: '/people',
      search: parsePeopleSearch({ ...search, ...next }),
      replace: true,
      resetScroll: false,
    })
  const all = { value: '', label: say('people.all') }
  return (
    <div className="fields">
      <TextInput
        label={say('people.filter')}
        value={search.q ?? ''}
        onChange={(event) => set({ q: event.currentTarget.value })}
      />
      <NativeSelect
        label={say('people.role')}
        value={search.role ?? ''}
        onChange={(event) => set({ role: event.currentTarget.value })}
        data={[all, ...ROLES.map((value) => ({ value, label: pick(ROLE_WORDS[value]) }))]}
      />
      <NativeSelect
        label={say('people.office')}
        value={search.office ?? ''}
        onChange={(event) => set({ office: event.currentTarget.value })}
        data={[all, ...OFFICES.map((o) => ({ value: o.id, label: pick(o.words) }))]}
      />
      <NativeSelect
        label={say('people.status')}
        value={search.status ?? ''}
        onChange={(event) => set({ status: event.currentTarget.value })}
        data={[all, ...STATUSES.map((value) => ({ value, label: say(`status.${value}`) }))]}
      />
    </div>
  )
}

function PeopleList({ all }: { all: readonly Person[] }) {
  const { say, pick } = useLanguage()
  const search = useSearch({ strict: false }) as PeopleSearch
  const wanted = (search.q ?? '').toLowerCase()
  const found = all.filter(
    (p) =>
      (wanted === '' || p.name.toLowerCase().includes(wanted) || p.deskName.toLowerCase().includes(wanted)) &&
      (search.role === undefined || p.roles.some((role) => role === search.role)) &&
      (search.office === undefined || p.office === search.office) &&
      (search.status === undefined || p.status === search.status),
  )
  if (found.length === 0) return <Empty says={say('people.none')} />
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reachable by keys
    <section className="scroll card" tabIndex={0} aria-label={say('people.title')}>
      <table>
        <thead>
          <tr>
            <th scope="col">{say('people.desk')}</th>
            <th scope="col">{say('people.name')}</th>
            <th scope="col">{say('people.role')}</th>
            <th scope="col">{say('people.office')}</th>
            <th scope="col">{say('people.team')}</th>
            <th scope="col">{say('people.status')}</th>
          </tr>
        </thead>
        <tbody>
          {found.map((person) => (
            <tr key={person.id}>
              <td>{person.deskName}</td>
              <td>
                <Link to="/people/$id" params={{ id: person.id }}>
                  {person.name}
                </Link>
              </td>
              <td>{person.roles.map((role) => pick(ROLE_WORDS[role])).join(', ')}</td>
              <td>{pick(OFFICES.find((o) => o.id === person.office)?.words ?? { en: '', my: '' })}</td>
              <td>{person.team}</td>
              <td>
                <span className={person.status === 'active' ? 'tag' : 'tag stop'}>
                  {say(`status.${person.status}`)}
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function Proposals() {
  const { say } = useLanguage()
  const may = useMay()
  const waiting = useQuery({
    queryKey: ['role-proposals'],
    queryFn: people.proposals,
    enabled: may('approve-role'),
  })
  const list = waiting.data?.proposals ?? []
  if (list.length === 0) return null
  return (
    <section>
      <h2>{say('person.roles')}</h2>
      <ul className="list">
        {list.map((proposal) => (
          <Proposal key={proposal.id} proposal={proposal} />
        ))}
      </ul>
    </section>
  )
}

function Proposal({ proposal }: { proposal: RoleProposal }) {
  const { say, pick, language } = useLanguage()
  const { person } = useSession()
  const approve = useChange(() => people.approveRole(proposal.id), ['role-proposals', 'people', 'person'])
  const own = proposal.proposedBy.id === person.id
  return (
    <li className="line between">
      <div>
        <p>
          <b>{proposal.about.name}</b> ({proposal.about.deskName}):{' '}
          {say('person.rolePending', { role: pick(ROLE_WORDS[proposal.role]) })}
        </p>
        <p className="small">
          {proposal.reason} · {proposal.proposedBy.deskName}, {formatInstant(proposal.proposedAt, language)}
        </p>
        {approve.isError ? <Trouble error={approve.error} /> : null}
      </div>
      <Act
        busy={approve.isPending}
        why={own ? say('person.roleOwn') : null}
        onClick={() => approve.mutate(undefined)}
      >
        {say('person.roleApprove')}
      </Act>
    </li>
  )
}
