import type { CareEntryBody } from '../care/entries.ts'

/** What her page is made of: her entries, grouped into looks. Runs in the browser too, over what it has checked. */

/** An entry about her, as the ledger keeps it or as her browser has verified it. */
export interface SeenEntry {
  readonly index: number
  readonly kind: string
  /** Epoch ms. */
  readonly at: number
  readonly body: unknown
}

export interface SeenRow {
  readonly day: string
  readonly minute: string
  readonly chargeMilli: number | null
}

/** One grant that opened something (`architecture.md`, The ledger). */
export interface Look {
  /** The grant's id. */
  readonly look: string
  /** The log's indexes of its entries, ascending. */
  readonly entries: readonly number[]
  readonly staff: string
  readonly deskName: string
  readonly office: string
  readonly purpose: string
  readonly month: string
  readonly channel: string
  readonly confirmedByTelephony: boolean
  readonly brokenGlass: boolean
  /** The sentence that she allowed with her own key; null where something else proved that it was her. */
  readonly allowed: string | null
  /** What the member of staff wrote, word for word. */
  readonly note: string
  /** Epoch ms. */
  readonly from: number
  readonly until: number
  readonly rowsShown: number
  /** Null: it is not recorded. */
  readonly rowsTotal: number | null
  readonly rows: readonly SeenRow[]
  readonly fields: readonly string[]
  readonly unmasked: readonly SeenRow[]
  /** As opened; more than `unmasked` where it is not recorded what was shown. */
  readonly unmaskedCount: number
  readonly matches: readonly { readonly number: string; readonly answer: string | null }[]
  readonly statements: readonly ('text' | 'email')[]
  readonly sawBill: boolean
  /** Opened, with no record of what was shown: it counts as all of it. */
  readonly unknownExtent: boolean
}

const LOOK_KINDS = ['grant', 'reveal', 'match', 'unmask', 'statement', 'disclosure', 'grant-ended'] as const
type LookKind = (typeof LOOK_KINDS)[number]
const OPENING_KINDS: readonly LookKind[] = ['reveal', 'match', 'unmask', 'statement', 'disclosure']

type LookEntry = { [K in LookKind]: { index: number; at: number; kind: K; body: CareEntryBody<K> } }[LookKind]

/** All looks among `entries`, newest first. Grants that opened nothing are none. */
export function looksOf(entries: readonly SeenEntry[]): Look[] {
  const groups = Map.groupBy(entries.filter(isLookEntry), (entry) => entry.body.grant)
  return [...groups.values()]
    .map((group) => group.sort((a, b) => a.index - b.index))
    .filter((group) => group.some((entry) => OPENING_KINDS.includes(entry.kind)))
    .map(lookOf)
    .sort((a, b) => b.from - a.from)
}

function isLookEntry(entry: SeenEntry): entry is LookEntry {
  const body = entry.body as { grant?: unknown } | null
  return LOOK_KINDS.some((kind) => kind === entry.kind) && typeof body?.grant === 'string'
}

function lookOf(group: LookEntry[]): Look {
  const opening = group.filter((entry) => OPENING_KINDS.includes(entry.kind))
  const first = opening[0] as LookEntry
  const grant = ofKind(group, 'grant')[0]?.body
  const disclosures = ofKind(group, 'disclosure').map((entry) => entry.body)
  const shown = disclosures.filter((body) => body.of === 'rows')
  const answers = disclosures.filter((body) => body.of === 'match')
  const { staff, deskName, office, purpose, month, channel, confirmedByTelephony } = first.body
  return {
    look: first.body.grant,
    entries: group.map((entry) => entry.index),
    staff,
    deskName,
    office,
    purpose,
    month,
    channel,
    confirmedByTelephony,
    brokenGlass: grant?.brokenGlass ?? false,
    allowed: grant?.ownKey?.allowance.says ?? null,
    note: grant?.note ?? '',
    from: first.at,
    until: (opening.at(-1) as LookEntry).at,
    rowsShown: Math.max(0, ...disclosures.map((body) => body.rowsShownInLook)),
    rowsTotal: disclosures.at(-1)?.rowsTotal ?? null,
    rows: distinctRows(shown.flatMap((body) => body.rows)),
    fields: [...new Set(shown.flatMap((body) => body.fields))],
    unmasked: distinctRows(disclosures.filter((body) => body.of === 'unmask').flatMap((body) => body.rows)),
    unmaskedCount: ofKind(group, 'unmask').length,
    matches: ofKind(group, 'match').map(({ body }, i) => ({
      number: body.number,
      answer: answers[i]?.answer ?? null,
    })),
    statements: ofKind(group, 'statement').map(({ body }) => body.sentBy),
    sawBill: ofKind(group, 'reveal').some(({ body }) => body.what === 'bill'),
    unknownExtent: lacksDisclosure(group),
  }
}

/** A page of rows that was opened, with no entry that says which rows reached the screen. */
function lacksDisclosure(group: readonly LookEntry[]): boolean {
  const opened = ofKind(group, 'reveal').filter(({ body }) => body.what === 'rows').length
  return ofKind(group, 'disclosure').filter(({ body }) => body.of === 'rows').length < opened
}

function ofKind<K extends LookKind>(group: readonly LookEntry[], kind: K): Extract<LookEntry, { kind: K }>[] {
  return group.filter((entry): entry is Extract<LookEntry, { kind: K }> => entry.kind === kind)
}

/** A page that was shown twice is one page; two equal rows within a page stay two. */
function distinctRows(rows: readonly SeenRow[]): SeenRow[] {
  return [...rows].sort((a, b) => (a.day + a.minute < b.day + b.minute ? -1 : 1))
}
