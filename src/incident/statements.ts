import { createHash } from 'node:crypto'
import { type Append, commitWith } from '../ledger/commit.ts'
import { encodeText } from '../ledger/commitment.ts'
import type { EntryId, Json } from '../ledger/entry.ts'
import type { Db, Trx } from '../platform/database.ts'
import { isRefusal, type Refusal, refuse } from '../platform/refusal.ts'
import type { Action } from '../staff/actions.ts'
import type { StaffFacts } from '../staff/staff.ts'
import { readTracesOf } from '../trace/store.ts'
import { type Held, incidentNotFound, openCase, openStep, recordStep } from './book.ts'
import { may, seen, unseen } from './case-access.ts'
import {
  insertPublished,
  readPublished,
  readStatement,
  readStatements,
  type StatementRow,
  saveStatement,
} from './court-store.ts'
import type { CourtParties } from './parties.ts'
import { namesAny, phonesIn, stringsIn } from './private-words.ts'
import {
  NO_STATEMENT,
  type PublicText,
  pendingOf,
  type Statement,
  type StatementAct,
  stepStatement,
  type Version,
  zeroName,
} from './statement-rules.ts'
import type {
  StatementActAsked,
  StatementsViewData,
  StatementViewData,
  TextAsked,
} from './statement-schemas.ts'
import { readIncident, readSteps } from './store.ts'

/** What is said in public: written by one, approved by two others, and never unsaid. */
export interface StatementDesk {
  list(staff: StaffFacts, incident: string): Promise<StatementsViewData | Refusal>
  draft(staff: StaffFacts, incident: string, text: TextAsked): Promise<StatementViewData | Refusal>
  act(
    staff: StaffFacts,
    of: { incident: string; id: string },
    asked: StatementActAsked,
  ): Promise<StatementViewData | Refusal>
  /** Everything ever published, as anybody may read it, the newest statement first. */
  published(): Promise<PublishedStatement[]>
}

/** A statement as the public has it: every version, the oldest first. */
export interface PublishedStatement {
  readonly id: string
  readonly versions: readonly PublishedVersion[]
}
export interface PublishedVersion {
  readonly version: number
  readonly at: number
  /** Index of the entry that published it. */
  readonly index: number
  readonly content: PublicContent
}
export interface PublicContent {
  readonly does: Version['does']
  readonly text: PublicText | null
  readonly why: Version['why']
}

interface Kept {
  readonly id: string
  readonly statement: Statement
  readonly at: number
}

const PURPOSE = 'incident-statement'

/** Opens the desk of statements. */
export function createStatementDesk(parties: CourtParties): StatementDesk {
  return {
    list: (staff, incident) => list(parties, staff, incident),
    async draft(staff, incident, text) {
      const id = Buffer.from(parties.random(12)).toString('hex')
      const act = { do: 'draft', does: 'publish', text, why: null } as const
      return shown(staff, await move(parties, staff, { incident, id }, act, true))
    },
    async act(staff, of, asked) {
      return shown(staff, await move(parties, staff, of, actOf(asked), false))
    },
    published: () => publishedStatements(parties),
  }
}

async function list(
  parties: CourtParties,
  staff: StaffFacts,
  incident: string,
): Promise<StatementsViewData | Refusal> {
  const held = await seen(parties, staff, incident, 'see-incidents')
  if (isRefusal(held)) return held
  const rows = await readStatements(parties.db, incident)
  return {
    statements: rows.map((row) => viewOf(staff, openStatement(parties, row))),
    grounds: await groundsOf(parties, parties.db, incident),
  }
}

function actOf(asked: StatementActAsked): StatementAct {
  if (asked.do === 'correct') return { do: 'draft', does: 'correct', text: asked.text, why: asked.why }
  if (asked.do === 'withdraw') return { do: 'draft', does: 'withdraw', text: null, why: asked.why }
  return { do: asked.do }
}

/** One step in one transaction with its entry; a version that was approved twice is published in it. */
async function move(
  parties: CourtParties,
  staff: StaffFacts,
  of: { incident: string; id: string },
  act: StatementAct,
  fresh: boolean,
): Promise<Kept | Refusal> {
  const action: Action = act.do === 'approve' ? 'approve-statement' : 'draft-statement'
  return commitWith<Kept | Refusal>(parties.db, parties.ledger, async (trx, append) => {
    const row = await readIncident(trx, of.incident, true)
    if (row === null) return incidentNotFound()
    const held = openCase(parties, row)
    const no = unseen(may(parties, staff, action, held)) ?? (await privateIn(parties, held, act))
    if (no !== null) return no
    const now = parties.clock.now()
    const stored = fresh ? null : await readStatement(trx, of, true)
    if (stored === null && !fresh) return statementNotFound()
    const before: Kept =
      stored === null ? { id: of.id, at: now, statement: NO_STATEMENT } : openStatement(parties, stored)
    const grounds = await groundsOf(parties, trx, of.incident)
    const next = stepStatement(before.statement, act, {
      ...{ now, staff: staff.id, deskName: staff.deskName },
      entries: new Set(grounds.map(({ entry }) => entry)),
      counted: await countedIn(parties, trx, before.statement, act),
    })
    if (isRefusal(next)) return next
    const after = { ...before, statement: next }
    const sealed = parties.keys.sealer.seal(PURPOSE, of.id, Buffer.from(JSON.stringify(next)))
    await saveStatement(trx, { ...of, at: before.at, sealed })
    await record(parties, trx, append, held, staff, before, after, act)
    return after
  })
}

async function record(
  parties: CourtParties,
  trx: Trx,
  append: Append,
  held: Held,
  staff: StaffFacts,
  before: Kept,
  after: Kept,
  act: StatementAct,
): Promise<void> {
  const at = parties.clock.now()
  const version = (act.do === 'drop' ? before : after).statement.versions.at(-1)!
  const n = (act.do === 'drop' ? before : after).statement.versions.length
  const content = encodeText(contentOf(version) as unknown as Json)
  const digest = createHash('sha256').update(content).digest('hex')
  const title = titleOf(after.statement.versions.length > 0 ? after.statement : before.statement)
  const isPublished = act.do === 'approve' && version.publishedAt !== null
  const entry = await recordStep(parties, trx, append, held, staff, {
    kind: isPublished ? 'statement-published' : 'statement-moved',
    act: isPublished ? `statement-${version.does}` : `statement-${act.do}`,
    at,
    says: version.why?.en ?? '',
    what: title,
    header: isPublished ? { category: kindOf(after.statement), outcome: version.does } : null,
    more: {
      statement: after.id,
      version: n,
      does: version.does,
      digest,
      content: JSON.parse(content) as Json,
    },
  })
  if (isPublished) await insertPublished(trx, { statement: after.id, version: n, at, entry, content })
}

/** Every dated zero that is about to be said, counted. */
async function countedIn(
  parties: CourtParties,
  trx: Trx,
  before: Statement,
  act: StatementAct,
): Promise<ReadonlyMap<string, number>> {
  const text = act.do === 'draft' ? act.text : (pendingOf(before)?.text ?? null)
  const zeros = (text?.facts ?? []).flatMap(({ ground }) => ('zero' in ground ? [ground.zero] : []))
  const counts = await Promise.all(
    zeros.map(async (zero): Promise<[string, number]> => [zeroName(zero), await parties.count(trx, zero)]),
  )
  return new Map(counts)
}

function contentOf({ does, text, why }: Version): PublicContent {
  return { does, text, why }
}

function titleOf({ versions }: Statement): string {
  return versions.findLast(({ text }) => text !== null)?.text?.title.en ?? ''
}

function kindOf({ versions }: Statement): string {
  return versions[0]?.text?.kind ?? 'statement'
}

/** Nobody is named in public: no number of anybody, and neither the customer nor those the case is about. */
async function privateIn(
  parties: CourtParties,
  { case: one }: Held,
  act: StatementAct,
): Promise<Refusal | null> {
  if (act.do !== 'draft') return null
  const texts = stringsIn([act.text?.title, act.text?.facts.map(({ words }) => words), act.why])
  const holder =
    one.subject === null ? null : await parties.customers.byTenure(parties.db, one.subject.tenure)
  const people = await Promise.all(
    one.involved.map(async ({ staff, deskName }) => {
      const person = await parties.staff.duty.find(staff)
      return { number: null, words: [deskName, person?.name ?? ''] }
    }),
  )
  const her =
    holder === null ? [] : [{ number: holder.number.slice(1), words: [holder.name.latn, holder.name.my] }]
  if (!texts.some((text) => phonesIn(text).length > 0 || namesAny(text, [...her, ...people]))) return null
  return refuse(
    'statement-names-somebody',
    'This names the customer, an employee or a telephone number.',
    'Say it without: the public may read it, and so may whoever wants to find her.',
  )
}

/** What a fact may rest on: steps of the case and answers of its traces. */
async function groundsOf(
  parties: CourtParties,
  db: Db | Trx,
  incident: string,
): Promise<StatementsViewData['grounds']> {
  const steps = (await readSteps(db, incident)).map((row) => openStep(parties, row))
  const traces = await readTracesOf(db, incident)
  const found = [
    ...steps.filter(({ act }) => !act.startsWith('statement-')),
    ...traces.map(({ answered, at }) => ({ entry: answered, act: 'trace', what: '', at })),
  ]
  const indexes = await parties.ledger.indexesOf(found.map(({ entry }) => entry as EntryId))
  const grounds = found.map(({ act, what, at }, i) => ({ act, what, at, entry: indexes[i] ?? 0 }))
  return grounds.sort((a, b) => b.entry - a.entry)
}

/** Everything ever published, as anybody may read it, the newest statement first. */
export async function publishedStatements(
  parties: Pick<CourtParties, 'db' | 'ledger'>,
): Promise<PublishedStatement[]> {
  const rows = await readPublished(parties.db)
  const indexes = await parties.ledger.indexesOf(rows.map(({ entry }) => entry as EntryId))
  const versions = rows.map(({ statement, version, at, content }, i) => ({
    statement,
    of: { version, at, content: JSON.parse(content) as PublicContent, index: indexes[i] ?? 0 },
  }))
  return [...Map.groupBy(versions, ({ statement }) => statement)].map(([id, list]) => ({
    id,
    versions: list.map(({ of }) => of),
  }))
}

function openStatement({ keys }: CourtParties, row: StatementRow): Kept {
  const text = keys.sealer.open(PURPOSE, row.id, row.sealed).toString('utf8')
  return { id: row.id, at: row.at, statement: JSON.parse(text) as Statement }
}

function shown(staff: StaffFacts, kept: Kept | Refusal): StatementViewData | Refusal {
  return isRefusal(kept) ? kept : viewOf(staff, kept)
}

function viewOf(staff: StaffFacts, { id, statement }: Kept): StatementViewData {
  return {
    id,
    versions: statement.versions.map(({ by, approvals, text, why, ...rest }) => ({
      ...rest,
      text: text === null ? null : { ...text, facts: text.facts.map((fact) => ({ ...fact })) },
      why: why === null ? null : { ...why },
      mine: by === staff.id || approvals.some((said) => said.staff === staff.id),
      approvals: approvals.map(({ deskName, at }) => ({ deskName, at })),
    })),
  }
}

function statementNotFound(): Refusal {
  return refuse('statement-not-found', 'There is no such statement in this incident.', 'Go back to the case.')
}
