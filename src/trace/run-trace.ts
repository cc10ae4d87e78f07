import { createHash } from 'node:crypto'
import type { E164 } from '../calls/call-record.ts'
import { parseNumber } from '../calls/numbers.ts'
import type { Subscriber } from '../customers/customers.ts'
import { clipToTenure } from '../customers/subscriber.ts'
import { commitWith } from '../ledger/commit.ts'
import type { EntryId, JsonObject } from '../ledger/entry.ts'
import { isRefusal, type Refusal, refuse } from '../platform/refusal.ts'
import { actorIdOf, bySaying } from '../staff/say.ts'
import type { Actor } from '../staff/staff.ts'
import { findSubject } from './find-subject.ts'
import { gatherShown } from './gather.ts'
import type { Incident } from './incidents.ts'
import { incidentNotFound, viewOf } from './kept.ts'
import { type ListGiven, type OpenedList, openList } from './list.ts'
import { findCommitment, openMaskKeys, ringsOf } from './mask-keys.ts'
import { mayDo } from './may.ts'
import { openLog } from './open-log.ts'
import type { TraceParties } from './parties.ts'
import { namingThreshold } from './rules.ts'
import type { TraceViewData } from './schemas.ts'
import { spanOf } from './span.ts'
import { insertTrace } from './store.ts'
import { traceList } from './trace-list.ts'
import { findingsOf, type TraceFindings } from './view.ts'

/** One trace, in the order that makes it worth something: allowed, read, fixed in the ledger, opened, weighed, answered. */

export interface TraceAsked extends ListGiven {
  readonly incident: string
  /** The number whose log it is, as people write it; found by itself where absent. */
  readonly subject?: string | undefined
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

/** Traces a list for an open incident. */
export async function runTrace(
  parties: TraceParties,
  by: Actor,
  asked: TraceAsked,
): Promise<TraceViewData | Refusal> {
  const settled = await settle(parties, by, asked)
  if (isRefusal(settled)) return settled
  const { begun, subject } = settled
  return answer(parties, begun, subject.subscriber, await reckon(parties, begun, subject))
}

/** After so many rows a list has long named somebody, or never will. */
const MOST_STEPS = 60

/** What the first rows of a list prove. */
export interface ProofSoFar {
  /** Lines of the list from its beginning. */
  readonly rows: number
  /** Base 10 logarithm of the best look's e-value; null when no look fits at all. */
  readonly log10E: number | null
  /** Of whom the best look is; null when there is none. */
  readonly best: string | null
  /** Base 10: what it takes to name somebody. */
  readonly threshold: number
  /** Staff ids of whoever could be named now. */
  readonly named: readonly string[]
}

/** As `runTrace`, for a list as it grows row by row: how soon it names somebody. Nothing is kept but the entries. */
export async function proveRowByRow(
  parties: TraceParties,
  by: Actor,
  asked: TraceAsked,
): Promise<ProofSoFar[] | Refusal> {
  const settled = await settle(parties, by, asked)
  if (isRefusal(settled)) return settled
  const { begun, subject } = settled
  const { against } = await openAgainst(parties, begun, subject)
  const { read } = begun.list
  return read.rows.slice(0, MOST_STEPS).map((_, at): ProofSoFar => {
    const { weighed, verdict } = traceList({ ...read, rows: read.rows.slice(0, at + 1) }, against)
    const best = weighed.looks[0]
    return {
      rows: at + 1,
      log10E: best === undefined || !Number.isFinite(best.log10E) ? null : best.log10E,
      best: best?.agent ?? null,
      threshold: namingThreshold(weighed.among),
      named: verdict.kind === 'named' ? verdict.named.map(({ agent }) => agent) : [],
    }
  })
}

/** Allowed, read, and fixed in the ledger, and whose log it is; or why not. */
async function settle(
  parties: TraceParties,
  by: Actor,
  asked: TraceAsked,
): Promise<{ begun: Begun; subject: SubjectKnown } | Refusal> {
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
  return isRefusal(subject) ? subject : { begun, subject }
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

/** What a list is weighed against: the log, what every look showed of it, the masks; each opening is an entry. */
async function openAgainst(parties: TraceParties, begun: Begun, { subscriber }: SubjectKnown) {
  const { list } = begun
  const place = placeOf(parties, begun)
  const span = spanOf(list.read, place, {
    from: subscriber.tenureFrom,
    until: Math.floor(begun.foundAt / 1000),
  })
  const log = await openLog(
    parties,
    { subject: subscriber.subject, tenure: subscriber.tenure, ...clipToTenure(span, subscriber) },
    { trace: begun.id, incident: begun.incident.id, why: 'match-rows', by: begun.by },
  )
  const gathered = await gatherShown(parties, {
    ...{ subject: subscriber.subject, tenure: subscriber.tenure },
    before: begun.foundAt,
  })
  const keys = await openMaskKeys(parties, begun.entry)
  const numbers = new Map(
    log.flatMap(({ name, other }) =>
      other.kind === 'number' ? [[name, other.number as string] as const] : [],
    ),
  )
  return { gathered, keys, against: { log, looks: gathered.looks, rings: ringsOf(keys, numbers), place } }
}

async function reckon(parties: TraceParties, begun: Begun, subject: SubjectKnown): Promise<Reckoned> {
  const { list } = begun
  const { gathered, keys, against } = await openAgainst(parties, begun, subject)
  const traced = traceList(list.read, against)
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

function placeOf({ offsetMinutes }: TraceParties, { foundAt }: Begun) {
  return { offsetMinutes, before: Math.floor(foundAt / 1000) }
}

function subjectNotOurs(): Refusal {
  return refuse('subject-not-ours', 'Nobody here holds that number.', 'Check the number, or leave it out.')
}
