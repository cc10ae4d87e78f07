import { billedMilli, type Charge, chargesOfMonth } from '../customers/charges.ts'
import { commitWith } from '../ledger/commit.ts'
import type { EntryId } from '../ledger/entry.ts'
import type { Field, Opening } from '../ledger/receipt.ts'
import { isRefusal, type Refusal, refuse } from '../platform/refusal.ts'
import type { StaffFacts } from '../staff/staff.ts'
import type { Lens, SealedLog } from '../vault/vault.ts'
import { type Bill, billOf, type LogRow, pageBounds } from './bill.ts'
import { policyOf } from './contact-view.ts'
import { sealRendering } from './disclose.ts'
import { lookEntry } from './entry-drafts.ts'
import { categoryWords, headlineOf, litCaption } from './headline.ts'
import { openDoor } from './load.ts'
import type { LoadedLook } from './look-cache.ts'
import type { BillViewData, RowsViewData, RowViewData } from './look-schemas.ts'
import { insertRendering, saveOrder } from './look-store.ts'
import { lookView } from './look-view.ts'
import { bandWords } from './look-words.ts'
import type { RowMask } from './mask.ts'
import type { CareRoom } from './parties.ts'
import { countParties, type PartySeen } from './party.ts'
import { localStart } from './period.ts'
import { decodeOrder, encodeOrder, type OrderedRow } from './row-order.ts'
import { type MaskedParty, maskParty, type PageRow, renderRow } from './rows.ts'
import { shownPages } from './shown-pages.ts'
import { type Contact, type Look, readLook } from './store.ts'

/**
 * Reveals. The order is the promise: the entry that says who looks at what is signed and covered by a checkpoint,
 * its receipt opens the vault, and what was shown is written down durably before a byte of it leaves.
 */

const BILL_FIELDS: readonly Field[] = [
  'start',
  'kind',
  'direction',
  'answered',
  'charge',
  'tariff',
  'otherMasked',
]
const ROW_FIELDS: readonly Field[] = [
  'start',
  'duration',
  'kind',
  'direction',
  'answered',
  'charge',
  'otherMasked',
]

/** Opens the month: totals by category and day, what is unusual first. No row is shown. */
export async function openBill(
  room: CareRoom,
  staff: StaffFacts,
  id: string,
): Promise<BillViewData | Refusal> {
  const loaded = await openDoor(room, staff, id, 'bill', 'see-bill')
  if (isRefusal(loaded)) return loaded
  const { look, contact } = loaded
  const log = logOf(room, look)
  const reveal = await recordReveal(room, loaded, 'bill', null, BILL_FIELDS)
  const receipt = await room.ledger.receiptFor(reveal)
  const seen = countParties(room.plan)
  const opened = await room.vault.open<PartySeen>(receipt, { other: ({ other }) => seen(other) }, log)
  const bill = billOf(opened as unknown as LogRow[], look.month, room.offsetMinutes, look)
  if (bill.rowsTotal > 0 && bill.currency === null && bill.totalMilli === 0)
    room.log.info({ look: look.id }, 'a source without charges: the bill is counts only')
  const others = await chargesOfMonth(room.db, room.keys, look.tenure, look.month)
  const view = billView(room, look, bill, others)
  const rendering = sealRendering(room, look.id, JSON.stringify(view))
  const at = room.clock.now()
  const after = await commitWith(room.db, room.ledger, async (trx, append) => {
    const entry = await append(
      lookEntry('disclosure', contact, look, at, {
        of: 'bill',
        reveal,
        fields: [...BILL_FIELDS],
        rowsShown: 0,
        rowsShownInLook: look.rowsShown,
        rowsTotal: bill.rowsTotal,
        rows: [],
        rendering: rendering.commitment,
      }),
    )
    await insertRendering(trx, { entry, look: look.id, at, sealed: rendering.sealed })
    if (look.rowOrder === null)
      await saveOrder(trx, look.id, {
        rowsTotal: bill.rowsTotal,
        answering: bill.answering,
        rowOrder: room.keys.sealer.seal('care-row-order', look.id, encodeOrder(ordered(bill.order))),
      })
    return readLook(trx, look.id)
  })
  room.looks.forget((other) => other.look.id === look.id)
  return { ...view, grant: await grantView(room, { ...loaded, look: after as Look }) }
}

/** One page of rows, masked. Rows that answer the question have the first pages. */
export async function openRows(
  room: CareRoom,
  staff: StaffFacts,
  id: string,
  page: number,
): Promise<RowsViewData | Refusal> {
  const loaded = await openDoor(room, staff, id, 'rows', 'see-rows')
  if (isRefusal(loaded)) return loaded
  const { look } = loaded
  const bounds = await boundsOf(room, loaded, page)
  if (isRefusal(bounds)) return bounds
  const rowsOfPage = decodeOrder(look.rowOrder as Buffer, bounds.from, bounds.until)
  const names = rowsOfPage.map(({ name }) => name)
  const log = logOf(room, look)
  const reveal = await recordReveal(room, loaded, 'rows', page, ROW_FIELDS, rowsOfPage)
  const receipt = await room.ledger.receiptFor(reveal)
  const drawn = room.masksOf({ agent: look.staff, grant: look.id })(names)
  const masks = new Map(names.map((name, i) => [name, drawn[i] as RowMask]))
  const lens: Lens<MaskedParty> = {
    other: ({ name, other }) =>
      maskParty(other, room.plan, (number) => masks.get(name)?.maskNumber(number) ?? null),
  }
  const opened = await room.vault.open(receipt, lens, log)
  const byName = new Map((opened as unknown as PageRow[]).map((row) => [row.name as string, row]))
  const rows = rowsOfPage.flatMap(({ name, party }, i): RowViewData[] => {
    const row = byName.get(name)
    if (row === undefined) return []
    const { flags } = drawn[i] as RowMask
    const answers = bounds.from + i < (look.answering ?? 0)
    const { offsetMinutes } = room
    return [renderRow(row, { row: `${page}-${i + 1}`, party, answers, flags, offsetMinutes })]
  })
  const shown = await discloseRows(room, loaded, page, reveal, rows, names)
  return {
    page,
    pages: bounds.pages,
    rows,
    band: bandWords(shown.rowsShown, look.rowsTotal ?? 0),
    grant: await grantView(room, { ...loaded, look: shown }),
  }
}

/** The log of a look, read while the entry that opens it is written; it stays sealed until then. */
function logOf(room: CareRoom, look: Look): SealedLog {
  return room.looks.logOf(look.id, () => room.vault.readAhead(openingOf(look, ROW_FIELDS)))
}

/** Records, signed and under a checkpoint, that this is about to be opened. */
export async function recordReveal(
  room: CareRoom,
  { look, contact }: LoadedLook,
  what: 'bill' | 'rows',
  page: number | null,
  fields: readonly Field[],
  rows?: readonly OrderedRow[],
): Promise<EntryId> {
  return room.ledger.record(
    lookEntry(
      'reveal',
      contact,
      look,
      room.clock.now(),
      { what, page, fields: [...fields] },
      { opening: rows === undefined ? openingOf(look, fields) : openingOfRows(look, fields, rows) },
    ),
  )
}

/** What a reveal of this look may open. */
export function openingOf(look: Look, fields: readonly Field[]): Opening {
  return {
    subject: look.subject,
    tenure: look.tenure,
    from: look.fromSecond,
    until: look.untilSecond,
    fields,
  }
}

/** What a reveal of these rows may open: no more of the month than lies between the first and the last of them. */
export function openingOfRows(look: Look, fields: readonly Field[], rows: readonly OrderedRow[]): Opening {
  const starts = rows.map(({ start }) => start)
  return {
    ...openingOf(look, fields),
    from: Math.max(look.fromSecond, Math.min(...starts)),
    until: Math.min(look.untilSecond, Math.max(...starts) + 1),
    rows: rows.map(({ name }) => name),
  }
}

/** The look's view, with where its grant stands in the ledger. */
export async function grantView(room: CareRoom, loaded: LoadedLook) {
  const { rules } = await policyOf(room, loaded.contact)
  return lookView(room, loaded, rules.limits, await room.looks.indexOf(loaded.look.entry as EntryId))
}

async function discloseRows(
  room: CareRoom,
  { look, contact }: LoadedLook,
  page: number,
  reveal: EntryId,
  rows: readonly RowViewData[],
  names: readonly string[],
): Promise<Look> {
  const at = room.clock.now()
  const { commitment, sealed } = sealRendering(room, look.id, renderingOf(names, rows))
  const fresh = withPage(look, page, rows.length)
  const draft = lookEntry(
    'disclosure',
    contact,
    look,
    at,
    {
      of: 'rows',
      reveal,
      fields: [...ROW_FIELDS],
      rowsShown: rows.length,
      rowsShownInLook: fresh.rowsShown,
      rowsTotal: look.rowsTotal ?? 0,
      rows: rows.map((row) => ({
        day: row.day,
        minute: row.start.slice(0, 5),
        chargeMilli: row.chargeMilli,
      })),
      rendering: commitment,
    },
    { counts: { rows: rows.length } },
  )
  await room.ledger.recordWith(draft, shownPages, { look: look.id, page, rows: rows.length, at, sealed })
  room.looks.change(look.id, (kept) => ({
    ...kept,
    look: withPage(kept.look, page, rows.length),
    contact: { ...kept.contact, activeAt: at },
  }))
  return fresh
}

/** A look once this page was shown; a page counts once. */
function withPage(look: Look, page: number, rows: number): Look {
  if (look.pages.includes(page)) return look
  return { ...look, opened: true, pages: [...look.pages, page], rowsShown: look.rowsShown + rows }
}

/**
 * Exactly what was shown, once and in one language: each row's record and every cell, the other language's being
 * the same truth in other words.
 */
function renderingOf(names: readonly string[], rows: readonly RowViewData[]): string {
  const cells = rows.map((row, i) => [
    names[i],
    row.day,
    row.start,
    row.letter,
    row.typeLabel.en,
    row.digits,
    row.lasted.en,
    row.chargeMilli,
    row.why.en,
  ])
  return JSON.stringify(cells)
}

async function boundsOf(
  room: CareRoom,
  { look, contact }: LoadedLook,
  page: number,
): Promise<{ from: number; until: number; pages: number } | Refusal> {
  if (look.rowOrder === null || look.rowsTotal === null)
    return refuse('bill-first', 'The bill of this look has not been opened.', 'Open the bill, then its rows.')
  const { rules } = await policyOf(room, contact)
  const bounds = pageBounds(look.answering ?? 0, look.rowsTotal, page, Math.min(50, rules.grant.rowsPerPage))
  if (bounds === null) return refuse('page-not-there', 'There is no such page.', 'Go back a page.')
  if (look.brokenGlass && look.pages.length > 0 && !look.pages.includes(page))
    return refuse(
      'one-page-only',
      'Broken glass opens one page.',
      'Close the contact and say why it was needed.',
    )
  return look.brokenGlass ? { ...bounds, pages: 1 } : bounds
}

function billView(
  room: CareRoom,
  look: Look,
  bill: Bill,
  others: readonly Charge[],
): Omit<BillViewData, 'grant'> {
  const lit = bill.unusual.what === 'nothing' ? [] : bill.unusual.days
  const unusual =
    bill.unusual.what === 'category'
      ? bill.unusual.category
      : bill.unusual.what === 'party'
        ? bill.unusual.type
        : null
  return {
    headline: headlineOf(bill, look.month, room.money, room.categories),
    currency: room.money,
    totalMilli: bill.totalMilli,
    rowsTotal: bill.rowsTotal,
    days: bill.days.map((day) => ({ ...day, lit: lit.includes(day.day) })),
    litCaption: litCaption(bill),
    categories: bill.categories.map((sum) => ({
      ...sum,
      label: categoryWords(sum.category, room.categories),
      unusual: sum.category === unusual,
    })),
    others: others.map(({ kind, label, at, amountMilli }) => ({
      ...{ kind, label, amountMilli },
      day: localStart(at, room.offsetMinutes).day,
    })),
    wholeMilli: bill.totalMilli + billedMilli(others),
  }
}

/** Rows with their parties counted in the order in which the rows show them, so that `A` comes first. */
function ordered(order: Bill['order']): OrderedRow[] {
  const seen = new Map<number, number>()
  return order.map(({ name, start, other }) => {
    if (other.party === null) return { name, start, party: null }
    const party = seen.get(other.party) ?? seen.size
    seen.set(other.party, party)
    return { name, start, party }
  })
}

/** The local day and minute of a row, as entries name it. */
export function rowPlace(start: number, offsetMinutes: number): { day: string; minute: string } {
  const { day, minute } = localStart(start, offsetMinutes)
  return { day, minute }
}

/** Which record a row of this look is, or null when that row was not shown. `row` is `page-n`. */
export async function rowOf(
  room: CareRoom,
  look: Look,
  contact: Contact,
  row: string,
): Promise<OrderedRow | null> {
  const [, page, n] = /^([1-9][0-9]{0,3})-([1-9][0-9]?)$/.exec(row)?.map(Number) ?? []
  if (page === undefined || n === undefined || !look.pages.includes(page)) return null
  const { rules } = await policyOf(room, contact)
  const bounds = pageBounds(
    look.answering ?? 0,
    look.rowsTotal ?? 0,
    page,
    Math.min(50, rules.grant.rowsPerPage),
  )
  if (bounds === null || bounds.from + n > bounds.until) return null
  return decodeOrder(look.rowOrder as Buffer, bounds.from + n - 1, bounds.from + n)[0] ?? null
}
