import { createHash } from 'node:crypto'
import type { E164 } from '../calls/call-record.ts'
import { parseNumber } from '../calls/numbers.ts'
import type { Subscriber } from '../customers/customers.ts'
import { commitWith } from '../ledger/commit.ts'
import type { EntryId, JsonObject } from '../ledger/entry.ts'
import { isRefusal, type Refusal, refuse } from '../platform/refusal.ts'
import { actorIdOf, bySaying } from '../staff/say.ts'
import type { Actor } from '../staff/staff.ts'
import { findSubject } from './find-subject.ts'
import { gatherShown } from './gather.ts'
import type { Incident } from './incidents.ts'
import { type ListGiven, type OpenedList, openList } from './list.ts'
import { commitMaskKeys, findCommitment, openMaskKeys, ringsOf } from './mask-keys.ts'
import { mayDo } from './may.ts'
import { openLog } from './open-log.ts'
import type { PathParties, TraceParties } from './parties.ts'
import { listLeakPaths, type PathAsked, searchLeakPath } from './path-desk.ts'
import type { PathViewData } from './path-schemas.ts'
import type { TraceLineData, TraceViewData } from './schemas.ts'
import { spanOf } from './span.ts'
import { insertTrace, readTrace, readTracesOf, type TraceRow } from './store.ts'
import { traceList } from './trace-list.ts'
import { findingsOf, type TraceFindings } from './view.ts'

/** The trace desk: which look a found list came from. The incident room stands above it and calls it. */
export interface TraceDesk {
  /** How a list is understood; nothing is opened and nothing is kept. */
  read(by: Actor, list: ListGiven): Promise<OpenedList | Refusal>
  /** Traces a list for an open incident. Two entries stand round it: before any key is opened, and with the answer. */
  trace(by: Actor, asked: TraceAsked): Promise<TraceViewData | Refusal>
  /** A trace as it was answered. */
  get(by: Actor, id: string): Promise<TraceViewData | Refusal>
  /** The traces of an incident, newest first. */
  list(by: Actor, incident: string): Promise<TraceLineData[] | Refusal>
  /** How the list may have travelled on; needs a confirmed incident and two approvals. A lead, never proof. */
  searchPath(by: Actor, asked: PathAsked): Promise<PathViewData | Refusal>
  /** The searches of an incident, newest first. */
  paths(by: Actor, incident: string): Promise<PathViewData[] | Refusal>
  /** Commits to the day's mask keys; at the start of a server, and by a job each day. */
  commitMaskKeys(): Promise<void>
}

export interface TraceAsked extends ListGiven {
  readonly incident: string
  /** The number whose log it is, as people write it; found by itself where absent. */
  readonly subject?: string | undefined
}

/** Opens the desk; registers its job, so call it before `jobs.start`. */
export function createTraceDesk(parties: PathParties): TraceDesk {
  parties.jobs.every('trace-commit-mask-keys', '1 0 * * *', () => commitMaskKeys(parties))
  return {
    read: (by, list) => readFor(parties, by, list),
    trace: (by, asked) => trace(parties, by, asked),
    get: (by, id) => getTrace(parties, by, id),
    list: (by, incident) => listTraces(parties, by, incident),
    searchPath: (by, asked) => searchLeakPath(parties, by, asked),
    paths: (by, incident) => listLeakPaths(parties, by, incident),
    commitMaskKeys: () => commitMaskKeys(parties),
  }
}

async function readFor(parties: TraceParties, by: Actor, list: ListGiven): Promise<OpenedList | Refusal> {
  const refusal = mayDo(parties, by, 'run-trace', null)
  return refusal ?? openList(list, parties.plan)
}

/** What is settled before anything is opened. */
interface Begun {
  readonly id: string
  readonly by: Actor
  readonly incident: Incident
  readonly list: OpenedList
  readonly digest: string
  readonly entry: EntryId
  readonly foundAt: number
}

async function trace(parties: TraceParties, by: Actor, asked: TraceAsked): Promise<TraceViewData | Refusal> {
  const incident = await parties.incidents.find(asked.incident)
  if (incident === null) return incidentNotFound()
  const refusal = mayDo(parties, by, 'run-trace', incident)
  if (refusal !== null) return refusal
  const list = await openList(asked, parties.plan)
  if (isRefusal(list)) return list
  const named = await subjectNamed(parties, asked.subject)
  if (isRefusal(named)) return named
  const begun = await begin(parties, by, incident, list)
  const subject = await subjectOfTrace(parties, begun, named)
  if (isRefusal(subject)) return subject
  return answer(parties, begun, subject.subscriber, await reckon(parties, begun, subject))
}

/** The list's digest goes into the ledger, under a signed checkpoint, before any log or mask key is opened. */
async function begin(parties: TraceParties, by: Actor, incident: Incident, list: OpenedList): Promise<Begun> {
  const id = Buffer.from(parties.random(12)).toString('hex')
  const digest = createHash('sha256').update(list.bytes).digest('hex')
  const entry = await parties.ledger.record({
    kind: 'trace-begun',
    header: null,
    body: {
      trace: id,
      incident: incident.id,
      listDigest: digest,
      lines: list.lines.length,
      by: bySaying(by),
    },
    actor: actorIdOf(by),
  })
  return { id, by, incident, list, digest, entry, foundAt: incident.surfacedAt ?? parties.clock.now() }
}

interface SubjectKnown {
  readonly subscriber: Subscriber
  readonly how: TraceViewData['how']['subject']
  readonly logsOpened: number
}

async function subjectNamed(
  parties: TraceParties,
  text: string | undefined,
): Promise<Subscriber | null | Refusal> {
  if (text === undefined) return null
  const number: E164 | null = parseNumber(text, parties.plan)
  if (number === null)
    return refuse(
      'subject-unreadable',
      'That is not a whole telephone number.',
      'Write all of it, or leave it out.',
    )
  return (await parties.customers.findByNumber(parties.db, number)) ?? subjectNotOurs()
}

async function subjectOfTrace(
  parties: TraceParties,
  begun: Begun,
  named: Subscriber | null,
): Promise<SubjectKnown | Refusal> {
  if (named !== null) return { subscriber: named, how: 'named', logsOpened: 0 }
  const { subject } = begun.incident
  if (subject !== null) {
    const subscriber = await parties.customers.byTenure(parties.db, subject.tenure)
    return subscriber === null ? subjectNotOurs() : { subscriber, how: 'incident', logsOpened: 0 }
  }
  const found = await findSubject(parties, begun.list.read, placeOf(parties, begun), {
    trace: begun.id,
    incident: begun.incident.id,
    why: 'find-subject',
    by: begun.by,
  })
  if (found.subscriber !== null)
    return { subscriber: found.subscriber, how: 'found', logsOpened: found.logsOpened }
  return refuse(
    'subject-not-found',
    `Whose log this is cannot be found from the list (${found.logsOpened} other logs were opened for it).`,
    'Name the number whose log it is.',
  )
}

interface Reckoned {
  readonly findings: TraceFindings
  /** The entry that committed to the mask keys before the look that fits best; null when none did. */
  readonly keysCommitted: string | null
}

async function reckon(parties: TraceParties, begun: Begun, subject: SubjectKnown): Promise<Reckoned> {
  const { list } = begun
  const { subscriber } = subject
  const place = placeOf(parties, begun)
  const span = spanOf(list.read, place, {
    from: subscriber.tenureFrom,
    until: Math.floor(begun.foundAt / 1000),
  })
  const log = await openLog(
    parties,
    { subject: subscriber.subject, tenure: subscriber.tenure, ...span },
    { trace: begun.id, incident: begun.incident.id, why: 'match-rows', by: begun.by },
  )
  const gathered = await gatherShown(parties, { subject: subscriber.subject, before: begun.foundAt })
  const keys = await openMaskKeys(parties, begun.entry)
  const numbers = new Map(
    log.flatMap(({ name, other }) =>
      other.kind === 'number' ? [[name, other.number as string] as const] : [],
    ),
  )
  const traced = traceList(list.read, { log, looks: gathered.looks, rings: ringsOf(keys, numbers), place })
  const best = gathered.shown.find(({ id }) => id === traced.weighed.looks[0]?.id)
  const keysCommitted = await findCommitment(parties, keys, best?.grantedAt ?? begun.foundAt)
  const findings = findingsOf({
    traced,
    list: {
      ...list.read,
      reading: { ...list.read.reading, columns: [...list.read.reading.columns] },
      lines: list.lines,
    },
    looks: gathered.looks,
    shown: gathered.shown,
    offsetMinutes: parties.offsetMinutes,
    foundAt: begun.foundAt,
    subject: subject.how,
    logsOpened: subject.logsOpened + 1,
    sources: gathered.sources,
  })
  return { findings, keysCommitted }
}

/** The answer is kept, sealed, in one transaction with its entry. */
async function answer(
  parties: TraceParties,
  begun: Begun,
  subscriber: Subscriber,
  { findings, keysCommitted }: Reckoned,
): Promise<TraceViewData> {
  const { id, by, incident, list, digest } = begun
  const at = parties.clock.now()
  const body = {
    trace: id,
    incident: incident.id,
    listDigest: digest,
    begun: begun.entry,
    verdict: findings.verdict,
    named: findings.named.map(({ staff, deskName, looks }) => ({ staff, deskName, looks })),
    rows: findings.how.rows,
    matched: findings.how.matched,
    among: findings.among,
    log10E: findings.rivals.find(({ what }) => what === 'look')?.log10 ?? null,
    keysCommitted,
    by: bySaying(by),
  }
  const answered = await commitWith(parties.db, parties.ledger, async (trx, append) => {
    const entry = await append({
      kind: 'trace-answered',
      header: null,
      body: body as unknown as JsonObject,
      subject: subscriber.subject,
      actor: actorIdOf(by),
    })
    const seal = (part: string, bytes: Uint8Array) =>
      parties.keys.sealer.seal('trace', `${id}:${part}`, bytes)
    await insertTrace(trx, {
      id,
      incident: incident.id,
      subject: subscriber.subject,
      at,
      tracedBy: actorIdOf(by),
      listDigest: digest,
      begun: begun.entry,
      answered: entry,
      list: seal('list', list.bytes),
      answer: seal(
        'answer',
        Buffer.from(JSON.stringify({ ...findings, serial: incident.serial, keysCommitted })),
      ),
    })
    return entry
  })
  return viewOf(
    parties,
    { id, incident: incident.id, at, listDigest: digest, begun: begun.entry, answered },
    {
      ...findings,
      serial: incident.serial,
      keysCommitted,
    },
  )
}

type Kept = TraceFindings & { serial: string; keysCommitted: string | null }

async function viewOf(
  { ledger }: TraceParties,
  row: Pick<TraceRow, 'id' | 'incident' | 'at' | 'listDigest' | 'begun' | 'answered'>,
  { keysCommitted, ...findings }: Kept,
): Promise<TraceViewData> {
  const indexOf = (entry: string) => ledger.indexOf(entry as EntryId)
  return {
    id: row.id,
    incident: row.incident,
    at: row.at,
    listDigest: row.listDigest,
    begunEntry: await indexOf(row.begun),
    answeredEntry: await indexOf(row.answered),
    keysCommittedEntry: keysCommitted === null ? null : await indexOf(keysCommitted),
    ...findings,
  }
}

async function getTrace(parties: TraceParties, by: Actor, id: string): Promise<TraceViewData | Refusal> {
  const row = await readTrace(parties.db, id)
  if (row === null) return traceNotFound()
  const refusal = mayDo(parties, by, 'read-trace', await parties.incidents.find(row.incident))
  return refusal ?? viewOf(parties, row, keptIn(parties, row))
}

async function listTraces(parties: TraceParties, by: Actor, id: string): Promise<TraceLineData[] | Refusal> {
  const incident = await parties.incidents.find(id)
  if (incident === null) return incidentNotFound()
  const refusal = mayDo(parties, by, 'read-trace', incident)
  if (refusal !== null) return refusal
  const rows = await readTracesOf(parties.db, incident.id)
  return Promise.all(
    rows.map(async (row) => {
      const { verdict, headline } = keptIn(parties, row)
      const answeredEntry = await parties.ledger.indexOf(row.answered as EntryId)
      return { id: row.id, at: row.at, verdict, headline, answeredEntry }
    }),
  )
}

function keptIn({ keys }: TraceParties, row: TraceRow): Kept {
  return JSON.parse(keys.sealer.open('trace', `${row.id}:answer`, row.answer).toString('utf8')) as Kept
}

function placeOf({ offsetMinutes }: TraceParties, { foundAt }: Begun) {
  return { offsetMinutes, before: Math.floor(foundAt / 1000) }
}

function incidentNotFound(): Refusal {
  return refuse(
    'incident-not-found',
    'There is no such incident.',
    'A trace needs an open incident: report one first.',
  )
}

function traceNotFound(): Refusal {
  return refuse('trace-not-found', 'There is no such trace.', 'Go back to the incident.')
}

function subjectNotOurs(): Refusal {
  return refuse('subject-not-ours', 'Nobody here holds that number.', 'Check the number, or leave it out.')
}
