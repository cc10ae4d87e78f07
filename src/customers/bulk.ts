import type { E164 } from '../calls/call-record.ts'
import type { KeyService } from '../keys/key-service.ts'
import type { Append } from '../ledger/commit.ts'
import { type Clock, drawAhead, type RandomBytes } from '../platform/clock.ts'
import type { Trx } from '../platform/database.ts'
import { faulty, faultyYet, type Taken } from '../platform/taken.ts'
import { PSEUDONYM_KEY, type Subject, subjectOf } from '../vault/subject.ts'
import type { Vault } from '../vault/vault.ts'
import { copyHolders, readHolders, updateHolders } from './bulk-store.ts'
import { type LineFacts, mergeFacts } from './line-facts.ts'
import { openProfile, type Profile, profileOf, sealProfile } from './profile.ts'
import type { SubscriberRow } from './store.ts'
import type { Registration } from './subscriber.ts'

/** One tenure as the operator's system has it: who held the number, from when to when, and the line's facts. */
export interface HolderLine extends Pick<Registration, 'number' | 'name' | 'language' | 'region'> {
  /** Epoch seconds; `until` null means still. */
  readonly from: number
  readonly until: number | null
  readonly facts: LineFacts
}

export interface FactsLine {
  readonly number: E164
  readonly facts: LineFacts
}

/** Subscribers as they come from the operator's own systems, thousands at a time, each batch with one entry. */
export interface Bulk {
  /**
   * A tenure is known by its number and its first moment; one that is known is compared and changed, and a later line
   * of the same batch stands. One that covers time of another tenure of the number is not taken.
   */
  takeHolders(trx: Trx, append: Append, lines: readonly HolderLine[]): Promise<Taken[]>
  /** Facts of whoever holds the number now. */
  takeFacts(trx: Trx, append: Append, lines: readonly FactsLine[]): Promise<Taken[]>
}

export interface BulkParties {
  readonly vault: Pick<Vault, 'setTenure' | 'setTenures'>
  readonly keys: Pick<KeyService, 'sealer' | 'prfKey'>
  readonly clock: Clock
  readonly random: RandomBytes
  /** True for a dry run, whose transaction ends in nothing: no block is sealed anew for it. */
  readonly dry?: boolean
}

/** A tenure at hand: as it was on record (null: it is new) and as it will be. */
interface Holder {
  row: SubscriberRow
  profile: Profile
  readonly known: boolean
  readonly ends: number | null
  readonly changed: Set<string>
}

/** The use cases over these parties. */
export function createBulk(given: BulkParties): Bulk {
  const parties = { ...given, random: drawAhead(given.random) }
  const pseudonymKey = parties.keys.prfKey(PSEUDONYM_KEY)
  const load = async (trx: Trx, subjects: readonly string[]): Promise<Map<string, Holder[]>> => {
    const rows = await readHolders(trx, [...new Set(subjects)])
    const holders = rows.map((row): Holder => {
      const profile = openProfile(parties.keys.sealer, row.id, row.profile)
      return { row, profile, known: true, ends: row.tenure_until, changed: new Set() }
    })
    return Map.groupBy(holders, ({ row }) => row.subject)
  }
  return {
    async takeHolders(trx, append, lines) {
      const subjects = lines.map(({ number }) => subjectOf(pseudonymKey, number) as string)
      const held = await load(trx, subjects)
      const taken: Taken[] = new Array<Taken>(lines.length)
      const drawId = idsSideBySide(parties.random)
      const isKnown = (at: number) => findSame(held.get(subjects[at]!), lines[at]!.from) !== undefined
      // First what ends or changes a tenure on record, then new ones: the order of lines does not matter.
      const order = lines.map((_, at) => at)
      for (const at of [...order.filter(isKnown), ...order.filter((at) => !isKnown(at))])
        taken[at] = takeHolder(parties.clock.now(), drawId, held, subjects[at]!, lines[at]!)
      await write(parties, trx, append, 'subscribers-imported', [...held.values()].flat())
      return taken
    },
    async takeFacts(trx, append, lines) {
      const subjects = lines.map(({ number }) => subjectOf(pseudonymKey, number) as string)
      const held = await load(trx, subjects)
      const taken = lines.map(({ facts }, at): Taken => {
        const holder = held.get(subjects[at]!)?.find(({ row }) => row.tenure_until === null)
        return holder === undefined
          ? faultyYet('nobody holds this number now')
          : change(holder, facts, parties.clock.now())
      })
      await write(parties, trx, append, 'line-facts-imported', [...held.values()].flat())
      return taken
    },
  }
}

function takeHolder(
  now: number,
  drawId: () => string,
  held: Map<string, Holder[]>,
  subject: string,
  line: HolderLine,
): Taken {
  if (line.until !== null && line.until <= line.from) return faulty('until is not after from')
  const holders = held.get(subject) ?? []
  const same = findSame(holders, line.from)
  const others = holders.filter((holder) => holder !== same)
  if (others.some(({ row }) => overlaps(row, line)))
    return faultyYet('somebody else holds this number for some of that time')
  if (same !== undefined) return changeHolder(same, line, now)
  const id = drawId()
  const row = { id, subject, tenure: id, tenure_from: line.from, tenure_until: line.until }
  const { number, name, language, region } = line
  const plain = profileOf({ number, name, language, region, registeredOn: line.from * 1000 })
  const merged = mergeFacts(plain, line.facts, now)
  if (typeof merged === 'string') return faulty(merged)
  const made: Holder = {
    row: { ...row, profile: Buffer.alloc(0) },
    profile: merged.profile,
    known: false,
    ends: line.until,
    changed: new Set(),
  }
  held.set(subject, [...holders, made])
  return 'added'
}

/** Ids of one batch share their first 6 bytes, so that the database files them side by side; 10 bytes are each one's own. */
function idsSideBySide(random: RandomBytes): () => string {
  const hex = (size: number) => Buffer.from(random(size)).toString('hex')
  const shared = hex(6)
  return () => shared + hex(10)
}

function findSame(holders: readonly Holder[] | undefined, from: number): Holder | undefined {
  return holders?.find(({ row }) => row.tenure_from === from)
}

function overlaps(row: SubscriberRow, { from, until }: HolderLine): boolean {
  return (until === null || row.tenure_from < until) && (row.tenure_until === null || from < row.tenure_until)
}

function changeHolder(holder: Holder, line: HolderLine, now: number): Taken {
  const before = holder.changed.size
  const taken = change(holder, line.facts, now)
  if (typeof taken === 'object') return taken
  const { name, language, region } = line
  for (const [field, value] of Object.entries({ name, language, region })) {
    if (JSON.stringify(holder.profile[field as 'name']) === JSON.stringify(value)) continue
    holder.profile = { ...holder.profile, [field]: value }
    holder.changed.add(field)
  }
  if (holder.row.tenure_until !== line.until) {
    holder.row = { ...holder.row, tenure_until: line.until }
    holder.changed.add('until')
  }
  return taken === 'changed' || holder.changed.size > before ? 'changed' : 'same'
}

function change(holder: Holder, facts: LineFacts, now: number): Taken {
  const merged = mergeFacts(holder.profile, facts, now)
  if (typeof merged === 'string') return faulty(merged)
  holder.profile = merged.profile
  for (const field of merged.changed) holder.changed.add(field)
  return merged.changed.length > 0 ? 'changed' : 'same'
}

/** Writes what is new and what changed, tenures in the vault included, and the entry that says so. */
async function write(
  { vault, keys, dry }: BulkParties,
  trx: Trx,
  append: Append,
  kind: string,
  holders: readonly Holder[],
): Promise<void> {
  const seal = ({ row, profile }: Holder): SubscriberRow => ({
    ...row,
    profile: sealProfile(keys.sealer, row.id, profile),
  })
  // By pseudonym, so where rows lie in the database says nothing of the order of the file, which may be by number.
  const made = holders
    .filter(({ known }) => !known)
    .sort((a, b) => (a.row.subject < b.row.subject ? -1 : a.row.subject > b.row.subject ? 1 : 0))
  const changed = holders.filter(({ known, changed: fields }) => known && fields.size > 0)
  if (made.length === 0 && changed.length === 0) return
  // Ends come first: a number has one present holder at a time.
  await updateHolders(trx, changed.map(seal))
  if (made.length > 0) await copyHolders(trx, made.values().map(seal))
  if (dry !== true) {
    const tenureOf = (row: SubscriberRow) => ({
      subject: row.subject as Subject,
      tenure: row.tenure,
      from: row.tenure_from,
      until: row.tenure_until,
    })
    for (const { row, ends } of changed)
      if (row.tenure_until !== ends) await vault.setTenure(trx, tenureOf(row))
    if (made.length > 0)
      await vault.setTenures(
        trx,
        made.map(({ row }) => tenureOf(row)),
      )
  }
  await append({
    kind,
    header: null,
    body: {
      added: made.length,
      changed: changed.map(({ row, changed: fields }) => [row.subject, ...fields]),
    },
  })
}
