import type pg from 'pg'
import type { Direction, Kind, OtherParty, Subject } from '../calls/call-record.ts'
import { decodeRecords } from '../calls/codec.ts'
import type { StoredRecord } from '../calls/record-columns.ts'
import type { KeyService } from '../keys/key-service.ts'
import { type Field, type Opening, type Receipt, spendReceipt } from '../ledger/receipt.ts'
import type { Trx } from '../platform/database.ts'
import { inSpan } from '../platform/tracing.ts'
import { findBlockKey, openBlock, type SealedBlock } from './block.ts'
import { createBlockReader } from './block-reader.ts'
import type { Calendar } from './calendar.ts'
import { findHeldKey } from './held-block.ts'
import { joinParts, type NamedRecord } from './join-parts.ts'
import { type MergeOptions, type MergeResult, mergeBlocks } from './merge.ts'
import { rateRows, showsCharges, wholeMonths } from './rate-rows.ts'
import { createAheadReader, isUnregistered, wantedBlocks } from './read-ahead.ts'
import { NAME_KEY, nameRecords } from './record-name.ts'
import { type FoundBlock, runIn } from './store.ts'
import { setTenure, setTenures } from './tenures.ts'
import { createVaultCalendar } from './vault-calendar.ts'

declare const recordName: unique symbol

/** Names a record within its subject for ever, whatever merges or arrives late: 16 hex digits. */
export type RecordName = string & { readonly [recordName]: true }

/** One row as the opening allows: a property is there only when the opening names its field. */
export interface OpenedRow<M> {
  readonly name: RecordName
  /** Epoch seconds, UTC (field `start`). */
  readonly start?: number
  /** Field `duration`, also for data. */
  readonly durationSeconds?: number | null
  /** Field `duration`: how much, where `durationSeconds` says how long. */
  readonly bytes?: number | null
  readonly kind?: Kind
  readonly direction?: Direction
  readonly answered?: boolean
  /** Field `charge`, with its currency. */
  readonly chargeMilli?: number | null
  readonly currency?: string | null
  readonly tariff?: string | null
  readonly cell?: string | null
  /** What the lens made of the other party (fields `otherMasked`, `otherMatched`, `otherFull`). */
  readonly other?: M
}

/** What a lens is handed: the only place where another party stands in plain. */
export interface OtherSeen {
  readonly name: RecordName
  readonly other: OtherParty
}

/**
 * What the reader makes of the other party before the row leaves the vault: a mask, a match, or the number
 * itself. Called once a row, in order, and only when the opening names one of the `other...` fields.
 */
export interface Lens<M> {
  other?(seen: OtherSeen): M
}

/** Who held a number: `from <= start < until`, epoch seconds; `until` null means still. */
export interface Tenure {
  readonly subject: Subject
  readonly tenure: string
  readonly from: number
  readonly until: number | null
}

declare const sealedLog: unique symbol

/** Blocks that were read ahead of a receipt, sealed as they rest. Only `open` can do anything with them. */
export interface SealedLog {
  readonly [sealedLog]: true
}

/** Sealed call records. Nothing here tells whether a subject exists. */
export interface Vault {
  /**
   * The only way out: spends the receipt and gives the rows it opens, clipped to the opening's tenure and
   * period, sorted by start, then name; of each row only the opening's fields. A long call that its switch cut into
   * parts is one row.
   * @param ahead blocks read before; they are used where they are the very ones that the opening wants.
   * @throws CodedError `receipt-forged`, `receipt-spent`, `block-broken`.
   */
  open<M = never>(receipt: Receipt, lens: Lens<M>, ahead?: SealedLog): Promise<OpenedRow<M>[]>
  /**
   * Reads the blocks that an opening will want, so that they are at hand when its receipt is; without one nothing is
   * unsealed. Keys are asked for when a receipt opens them: what was destroyed meanwhile stays shut.
   */
  readAhead(opening: Opening): SealedLog
  /**
   * Says who held a number when, and reseals under this tenure what was filed before it was known. Setting
   * the same tenure again moves its ends. @throws CodedError `tenure-overlaps`.
   */
  setTenure(trx: Trx, tenure: Tenure): Promise<void>
  /** As `setTenure`, for many tenures that are new. @throws CodedError `tenure-overlaps`. */
  setTenures(trx: Trx, tenures: readonly Tenure[]): Promise<void>
  /**
   * Merges the fresh blocks of at most `subjects` subjects into one block a month each; names stay.
   * @returns how many blocks went into how many.
   */
  merge(options: MergeOptions): Promise<MergeResult>
}

export type VaultErrorCode = 'block-broken' | 'tenure-overlaps' | 'offset-changed'

/** What the vault is made of. `offsetMinutes`: the operator's own time, by which months are counted. */
export interface VaultParties {
  readonly pool: pg.Pool
  readonly keys: KeyService
  /** 0 when absent. */
  readonly offsetMinutes?: number
  /** Prices records of whole months that say no charge of their own, in order of start; null leaves one as it is. */
  readonly rate?: RateMonths
}

/** What `rate` gives: charge and category of each record, in their order. */
export type RateMonths = (
  records: readonly StoredRecord[],
) => readonly ({ readonly chargeMilli: number; readonly currency: string; readonly tariff: string } | null)[]

/** The vault over one database and one key directory. */
export function createVault(parties: VaultParties): Vault {
  const { pool, keys } = parties
  const calendar = createVaultCalendar(parties)
  const { readBlocks, readAhead } = createAheadReader(createBlockReader(pool), calendar)
  return {
    open: <M>(receipt: Receipt, lens: Lens<M>, ahead?: SealedLog) =>
      inSpan('vault open', {}, async (tell) => {
        const opening = spendReceipt(receipt)
        const own = await calendar()
        const rate = showsCharges(opening) ? parties.rate : undefined
        const found = await readBlocks(wantedBlocks(opening, own), ahead)
        const records = await findRecords(found, keys, own, opening, rate !== undefined)
        const rows = joinParts(nameWithin(opening, records, keys))
        const priced = (rate === undefined ? rows : rateRows(rows, rate)).filter(liesIn(opening))
        tell({ 'countersign.rows': priced.length })
        return present(priced, opening, lens)
      }),
    readAhead,
    setTenure: async (trx, tenure) => setTenure(runIn(trx), keys, await calendar(), tenure),
    setTenures: async (trx, tenures) => setTenures(runIn(trx), keys, await calendar(), tenures),
    merge: async (options) => mergeBlocks(pool, keys, await calendar(), options),
  }
}

/**
 * The records that an opening wants, in order of start, and those around it that it needs: what a record costs may depend
 * on the month before it (`wholly`), and parts of a call may begin before or behind an opening that is no more than a
 * page of rows. What is given in the end is the opening's span all the same.
 */
async function findRecords(
  found: readonly FoundBlock[],
  keys: KeyService,
  calendar: Calendar,
  opening: Opening,
  wholly: boolean,
): Promise<StoredRecord[]> {
  const unregistered = isUnregistered(opening)
  const span = wholeMonths(opening, calendar.offsetMinutes)
  const records: StoredRecord[] = []
  for (const { block, held, from, until } of found) {
    // A tenure that is not on file opens nothing.
    if (from === null && !unregistered) continue
    const first = Math.max(span.from, from ?? span.from)
    const end = Math.min(span.until, until ?? span.until)
    const keeps = (start: number, referenceHash: number | null): boolean =>
      start >= first &&
      start < end &&
      (wholly || referenceHash !== null || (start >= opening.from && start < opening.until))
    for (const record of await unsealRecords(keys, block, held, keeps)) records.push(record)
  }
  // Stable: blocks come in order of filing, which names depend on.
  return records.sort((a, b) => a.start - b.start)
}

/** What no row has that leaves the vault. */
const UNNAMED = '' as RecordName

/**
 * Names the records of the opening's span, all with their starts; those around it only lend their parts and prices, and
 * a page is a small part of its month. `records` are in order of start.
 */
function nameWithin(
  { subject, from, until }: Opening,
  records: readonly StoredRecord[],
  keys: KeyService,
): NamedRecord[] {
  const first = records.findIndex(({ start }) => start >= from)
  const within = first < 0 ? [] : records.slice(first).filter(({ start }) => start < until)
  const names = nameRecords(keys.prfKey(NAME_KEY), subject, within)
  return records.map((record, at) => ({ record, name: names[at - first] ?? UNNAMED }))
}

function liesIn({ from, until }: Opening): (row: NamedRecord) => boolean {
  return ({ record }) => record.start >= from && record.start < until
}

/** The rows of a block that `keeps` wants; none where its month or its tenure was destroyed. */
async function unsealRecords(
  keys: KeyService,
  block: SealedBlock,
  held: boolean,
  keeps: (start: number, referenceHash: number | null) => boolean,
): Promise<StoredRecord[]> {
  const key = held ? await findHeldKey(keys, block) : await findBlockKey(keys, block)
  return key === null ? [] : decodeRecords(openBlock(key, block), keeps)
}

function present<M>(rows: readonly NamedRecord[], opening: Opening, lens: Lens<M>): OpenedRow<M>[] {
  const wanted = opening.rows === undefined ? null : new Set(opening.rows)
  const take = fieldsOf(opening.fields)
  const seesOther = has(opening.fields, 'otherMasked', 'otherMatched', 'otherFull').includes(true)
  const look = seesOther ? lens.other?.bind(lens) : undefined
  return rows
    .filter(({ name }) => wanted === null || wanted.has(name))
    .sort((a, b) => a.record.start - b.record.start || (a.name < b.name ? -1 : 1))
    .map(({ record, name }) => {
      const row: Writable<OpenedRow<M>> = { name }
      take(record, row)
      if (look !== undefined) row.other = look({ name, other: record.other })
      return row
    })
}

type RecordFields = Omit<OpenedRow<never>, 'name' | 'other'>
type Writable<Row> = { -readonly [Name in keyof Row]: Row[Name] }

/** Copies what the opening's fields name of a record, and nothing else. */
function fieldsOf(fields: readonly Field[]): (from: StoredRecord, into: Writable<RecordFields>) => void {
  const [start, duration, kind, direction] = has(fields, 'start', 'duration', 'kind', 'direction')
  const [answered, charge, tariff, cell] = has(fields, 'answered', 'charge', 'tariff', 'cell')
  return (from, into) => {
    if (start) into.start = from.start
    if (duration) into.durationSeconds = from.durationSeconds
    if (duration) into.bytes = from.bytes
    if (kind) into.kind = from.kind
    if (direction) into.direction = from.direction
    if (answered) into.answered = from.answered
    if (charge) into.chargeMilli = from.chargeMilli
    if (charge) into.currency = from.currency
    if (tariff) into.tariff = from.tariff
    if (cell) into.cell = from.cell
  }
}

function has(fields: readonly Field[], ...names: Field[]): boolean[] {
  return names.map((name) => fields.includes(name))
}
