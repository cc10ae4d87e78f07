import { parseNumber } from '../calls/numbers.ts'
import type { EntryId, StoredEntry } from '../ledger/entry.ts'
import { readPathsOf, readTracesOf } from '../trace/store.ts'
import type { Subject } from '../vault/subject.ts'
import type { Held } from './book.ts'
import type { CourtParties } from './parties.ts'
import { type Named, namesAny, phonesIn, stringsIn } from './private-words.ts'
import { type Candidate, type KeptOut, type Picked, pickEntries } from './referral-pick.ts'
import { readSteps } from './store.ts'

/** Brings together what a referral chooses from: the case's steps, its traces, and what the involved did. */

const PAGE = 500
/** Steps that say what the case is; notices, approvals and statements are not the police's. */
const STEP_KINDS = ['incident-opened', 'incident-moved', 'incident-worked', 'chain-drawn']

export interface Gathered {
  readonly picked: readonly Picked[]
  readonly keptOut: readonly KeptOut[]
  /** Whom no text that leaves may name. */
  readonly others: Others
}

/** Tells whether a text names a customer other than the one whose log it is. */
export type Others = (texts: readonly string[]) => Promise<boolean>

/** Chooses the entries as the case stands now. An open text that names another customer is withheld, whoever wrote it. */
export async function gatherReferral(parties: CourtParties, held: Held): Promise<Gathered> {
  await parties.ledger.sequence()
  const { subject } = held.case
  const holder = subject === null ? null : await parties.customers.byTenure(parties.db, subject.tenure)
  const involved = held.case.involved.map(({ staff }) => staff)
  const steps = await stepEntries(parties, held.id)
  const traces = await traceEntries(parties, held.id)
  const by = await Promise.all(
    involved.map((staff) => pages((page) => parties.ledger.entriesBy(staff, page))),
  )
  const about =
    subject === null ? [] : await pages((page) => parties.ledger.entriesAbout(subject.subject, page))
  const all = [...steps, ...traces, ...by.flat(), ...about]
  const { picked, keptOut } = pickEntries(all.map(candidateOf), {
    subject: subject?.subject ?? null,
    since: (holder?.tenureFrom ?? 0) * 1000,
    involved,
    steps: new Set(steps.filter(({ kind }) => STEP_KINDS.includes(kind)).map(({ index }) => index)),
    traces: new Set(traces.map(({ index }) => index)),
  })
  const others = await othersOf(parties, all, subject?.subject ?? null)
  const byIndex = new Map(all.map((entry) => [entry.index, entry]))
  const checked = await Promise.all(
    picked.map(async (one) =>
      one.withheld === null && (await others(stringsIn(byIndex.get(one.index)?.body)))
        ? { ...one, withheld: 'another-customer' as const }
        : one,
    ),
  )
  return { picked: checked, keptOut, others }
}

function candidateOf({ index, at, kind, subject, actor, body }: StoredEntry): Candidate {
  return { index, at, kind, subject, actor, of: typeof body?.of === 'string' ? body.of : null }
}

async function stepEntries(parties: CourtParties, incident: string): Promise<StoredEntry[]> {
  const rows = await readSteps(parties.db, incident)
  return entriesOf(
    parties,
    rows.map(({ entry }) => entry),
  )
}

async function traceEntries(parties: CourtParties, incident: string): Promise<StoredEntry[]> {
  const traces = await readTracesOf(parties.db, incident)
  const paths = await readPathsOf(parties.db, incident)
  const ids = [
    ...traces.flatMap(({ begun, answered }) => [begun, answered]),
    ...paths.map((one) => one.entry),
  ]
  return entriesOf(parties, ids)
}

async function entriesOf({ ledger }: CourtParties, ids: readonly string[]): Promise<StoredEntry[]> {
  return Promise.all((await ledger.indexesOf(ids as EntryId[])).map((index) => ledger.entry(index)))
}

async function pages(read: (page: { before?: number; limit: number }) => Promise<StoredEntry[]>) {
  const all: StoredEntry[] = []
  for (let before: number | undefined; ; ) {
    const page = await read({ limit: PAGE, ...(before === undefined ? {} : { before }) })
    all.push(...page)
    before = page.at(-1)?.index
    if (page.length < PAGE || before === undefined) return all
  }
}

async function othersOf(
  { customers, db, plan }: CourtParties,
  entries: readonly StoredEntry[],
  own: string | null,
): Promise<Others> {
  const subjects = new Set(entries.flatMap(({ subject }) => (subject === null ? [] : [subject])))
  subjects.delete(own ?? '')
  const named: Named[] = []
  for (const subject of subjects) {
    const holder = await customers.bySubject(db, subject as Subject)
    const words = holder === null ? [] : [holder.tenure, holder.name.latn, holder.name.my]
    named.push({ number: holder?.number.slice(1) ?? null, words: [subject, ...words] })
  }
  return async (texts) => {
    if (texts.some((text) => namesAny(text, named))) return true
    for (const phone of texts.flatMap(phonesIn)) {
      const number = parseNumber(phone, plan)
      const found = number === null ? null : await customers.findByNumber(db, number)
      if (found !== null && found.subject !== own) return true
    }
    return false
  }
}
