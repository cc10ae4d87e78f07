import type { E164, OtherParty } from '../calls/call-record.ts'
import { describeNumber, formatNumber, parseNumber } from '../calls/numbers.ts'
import { openShownLooks } from '../care/shown.ts'
import { clipToTenure } from '../customers/subscriber.ts'
import { commitWith } from '../ledger/commit.ts'
import type { JsonObject } from '../ledger/entry.ts'
import type { Field } from '../ledger/receipt.ts'
import { isRefusal, type Refusal, refuse } from '../platform/refusal.ts'
import { actorIdOf, bySaying } from '../staff/say.ts'
import type { Actor } from '../staff/staff.ts'
import { PSEUDONYM_KEY, type Subject, subjectOf, unregisteredTenure } from '../vault/subject.ts'
import type { TraceEntryBody } from './entries.ts'
import type { Incident } from './incidents.ts'
import { mayDo } from './may.ts'
import type { PathParties } from './parties.ts'
import type { PathViewData } from './path-schemas.ts'
import {
  BUDGET,
  BUDGET_FURTHER,
  chanceOfNothing,
  createLogs,
  type Edge,
  gradeOf,
  gradeOfDecoy,
  LONGEST_WINDOW_SECONDS,
  type Logs,
  type Path,
  searchPath,
} from './paths.ts'
import { insertPath, readPathsOf } from './store.ts'

/**
 * Leak paths: may the list have gone from this employee to that number by people who called each other? It opens logs of
 * people who are not involved, so it needs a confirmed breach and two approvals; each log is an entry; whoever is not
 * on the chain stays a pseudonym that is thrown away; and beside the chain stands the chance that it means nothing.
 */
export interface PathAsked {
  readonly incident: string
  /** Staff id of the employee whose look it was. */
  readonly employee: string
  /** The number of whoever ended up with the list, as people write it. */
  readonly recipient: string
  /** When the look was, ms. */
  readonly lookedAt: number
  /** Up to 250 logs instead of 60; needs approvals of its own. */
  readonly further?: boolean | undefined
}

const DECOYS = 200
const EDGE_FIELDS: readonly Field[] = ['start', 'otherMatched']
const NAME_FIELDS: readonly Field[] = ['start', 'otherFull']

interface Search {
  readonly id: string
  readonly by: Actor
  readonly incident: Incident
  readonly window: { readonly from: number; readonly until: number }
}

/** Searches, and keeps what was found with its entry. */
export async function searchLeakPath(
  parties: PathParties,
  by: Actor,
  asked: PathAsked,
): Promise<PathViewData | Refusal> {
  const incident = await parties.incidents.find(asked.incident)
  if (incident === null) return noIncident()
  const refusal = mayDo(parties, by, asked.further === true ? 'search-path-further' : 'search-path', incident)
  if (refusal !== null) return refusal
  const ends = await endsOf(parties, asked)
  if (isRefusal(ends)) return ends
  const from = Math.floor(asked.lookedAt / 1000)
  const until = Math.min(from + LONGEST_WINDOW_SECONDS, Math.floor(parties.clock.now() / 1000) + 1)
  const id = Buffer.from(parties.random(12)).toString('hex')
  const search: Search = { id, by, incident, window: { from, until } }
  const budget = asked.further === true ? BUDGET_FURTHER : BUDGET
  const logs = createLogs((person) => openEdges(parties, search, person, 'leak-path'), {
    budget,
    from,
    until,
  })
  const found = await searchPath(ends.start, ends.end, logs)
  const decoys =
    found.path === null
      ? null
      : await countDecoys(parties, search, { ...ends, employee: asked.employee }, logs, found.path)
  const people = found.path === null ? [] : await namePeople(parties, search, found.path)
  return keep(parties, search, asked, {
    budget,
    logsOpened: found.logsOpened,
    cutShort: found.cutShort,
    links: (found.path?.links ?? []).map(({ at }, i) => ({
      from: people[i] ?? '',
      to: people[i + 1] ?? '',
      at: at * 1000,
    })),
    decoys: decoys?.decoys ?? 0,
    decoysAsGood: decoys?.asGood ?? 0,
    chanceOfNothing:
      decoys === null ? null : Number(chanceOfNothing(decoys.asGood, decoys.decoys).toFixed(4)),
  })
}

/** The searches of an incident, newest first. */
export async function listLeakPaths(
  parties: PathParties,
  by: Actor,
  id: string,
): Promise<PathViewData[] | Refusal> {
  const incident = await parties.incidents.find(id)
  if (incident === null) return noIncident()
  const refusal = mayDo(parties, by, 'read-trace', incident)
  if (refusal !== null) return refusal
  const rows = await readPathsOf(parties.db, incident.id)
  return rows.map(
    (row) =>
      JSON.parse(
        parties.keys.sealer.open('trace', `${row.id}:path`, row.answer).toString('utf8'),
      ) as PathViewData,
  )
}

async function endsOf(
  parties: PathParties,
  asked: PathAsked,
): Promise<{ start: Subject; end: Subject } | Refusal> {
  const own = (await parties.circle.numbersOf(asked.employee)).find(({ kind }) => kind === 'own')
  const recipient = parseNumber(asked.recipient, parties.plan)
  if (own === undefined || recipient === null)
    return refuse(
      'path-ends-missing',
      own === undefined
        ? 'No own number of this employee is known.'
        : 'That is not a whole telephone number of whoever has the list.',
      own === undefined ? 'Have it declared under People first.' : 'Write all of it.',
    )
  const key = parties.keys.prfKey(PSEUDONYM_KEY)
  return { start: subjectOf(key, own.number as E164), end: subjectOf(key, recipient) }
}

/** One log for the window; of the people in it only pseudonyms leave the vault, and of shops and services nothing. */
async function openEdges(
  parties: PathParties,
  search: Search,
  person: string,
  why: TraceEntryBody<'trace-log-opened'>['why'],
): Promise<Edge[]> {
  const key = parties.keys.prfKey(PSEUDONYM_KEY)
  const tokenOf = (other: OtherParty): string | null =>
    other.kind !== 'number' || !isPerson(parties, other.number) ? null : subjectOf(key, other.number)
  const rows = await open(parties, search, person, why, EDGE_FIELDS, search.window, tokenOf)
  return rows.flatMap(({ start, other }) =>
    start === undefined || other == null ? [] : [{ other, at: start }],
  )
}

async function open<M>(
  parties: PathParties,
  search: Search,
  person: string,
  why: TraceEntryBody<'trace-log-opened'>['why'],
  fields: readonly Field[],
  period: { from: number; until: number },
  look: (other: OtherParty) => M,
) {
  const subject = person as Subject
  const subscriber = await parties.customers.bySubject(parties.db, subject)
  const tenure = subscriber?.tenure ?? unregisteredTenure(subject)
  const entry = await parties.ledger.record({
    kind: 'trace-log-opened',
    header: null,
    body: { trace: search.id, incident: search.incident.id, why, by: bySaying(search.by) },
    subject,
    actor: actorIdOf(search.by),
    opening: {
      subject,
      tenure,
      ...(subscriber === null ? period : clipToTenure(period, subscriber)),
      fields,
    },
  })
  return parties.vault.open<M>(await parties.ledger.receiptFor(entry), { other: ({ other }) => look(other) })
}

function isPerson({ plan }: PathParties, number: E164): boolean {
  return !['premium', 'service', 'toll-free'].includes(describeNumber(number, plan).type)
}

/** How many of the matched employees, who did not look, have a chain as good to the same end. */
async function countDecoys(
  parties: PathParties,
  search: Search,
  ends: { start: Subject; end: Subject; employee: string },
  logs: Logs,
  path: Path,
): Promise<{ decoys: number; asGood: number }> {
  const { from } = search.window
  const own = gradeOf(path, from)
  const lookers = await lookersAt(parties, search.incident)
  const lines = await parties.circle.ownLines({
    like: ends.employee,
    limit: DECOYS + lookers.size + 2,
  })
  const decoys = lines
    .filter(({ staff, subject }) => !lookers.has(staff) && staff !== ends.employee && subject !== ends.end)
    .slice(0, DECOYS)
  let asGood = 0
  for (const { subject } of decoys) {
    const edges = await openEdges(parties, search, subject, 'decoy')
    if ((await gradeOfDecoy(subject, ends.end, edges, logs, from)) <= own) asGood++
  }
  return { decoys: decoys.length, asGood }
}

/** Whoever looked at the log in question is no decoy. */
async function lookersAt({ db, keys, clock }: PathParties, { subject }: Incident): Promise<Set<string>> {
  if (subject === null) return new Set()
  const looks = await openShownLooks(db, keys.sealer, { subject: subject.subject, before: clock.now() })
  return new Set(looks.map(({ staff }) => staff))
}

/** The numbers of those on the chain, and of nobody else: one second of one log each. */
async function namePeople(parties: PathParties, search: Search, path: Path): Promise<string[]> {
  const key = parties.keys.prfKey(PSEUDONYM_KEY)
  const names: string[] = []
  for (const [i, person] of path.people.entries()) {
    const link = path.links[Math.max(0, i - 1)]
    const neighbour = path.people[i === 0 ? 1 : i - 1]
    if (link === undefined || neighbour === undefined) continue
    const rows = await open(
      parties,
      search,
      neighbour,
      'leak-path',
      NAME_FIELDS,
      { from: link.at, until: link.at + 1 },
      (other) => (other.kind === 'number' && subjectOf(key, other.number) === person ? other.number : null),
    )
    const number = rows.find(({ other }) => other != null)?.other
    names.push(number == null ? '' : formatNumber(number))
  }
  return names
}

type Found = Omit<PathViewData, 'id' | 'incident' | 'at' | 'entry' | 'employee' | 'from' | 'until'>

async function keep(
  parties: PathParties,
  search: Search,
  asked: PathAsked,
  found: Found,
): Promise<PathViewData> {
  const { id, by, incident, window } = search
  const at = parties.clock.now()
  const view = {
    ...found,
    id,
    incident: incident.id,
    at,
    employee: asked.employee,
    from: window.from * 1000,
    until: window.until * 1000,
  }
  const entry = await commitWith(parties.db, parties.ledger, async (trx, append) => {
    const body = {
      search: id,
      incident: incident.id,
      from: asked.employee,
      logsOpened: found.logsOpened,
      budget: found.budget,
      links: found.links.length === 0 ? null : found.links.length,
      decoysAsGood: found.decoysAsGood,
      decoys: found.decoys,
      by: bySaying(by),
    }
    const appended = await append({
      kind: 'path-searched',
      header: null,
      body: body as unknown as JsonObject,
      actor: actorIdOf(by),
    })
    const answer = Buffer.from(JSON.stringify({ ...view, entry: appended }))
    await insertPath(trx, {
      id,
      incident: incident.id,
      at,
      searchedBy: actorIdOf(by),
      entry: appended,
      answer: parties.keys.sealer.seal('trace', `${id}:path`, answer),
    })
    return appended
  })
  return { ...view, entry }
}

function noIncident(): Refusal {
  return refuse('incident-not-found', 'There is no such incident.', 'A leak path needs a confirmed incident.')
}
