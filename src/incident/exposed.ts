import type { ShownLook } from '../care/shown.ts'

/**
 * What one person was shown, read out of the renderings that were sealed when it was shown, and what was not, each
 * with how that is known. Pure.
 */

export interface ExposedRow {
  readonly day: string
  readonly start: string
  /** The other number as it stood there, hidden digits as dots; null where there is none. */
  readonly digits: string | null
  readonly lasted: string
  /** This row was also shown in full. */
  readonly full: boolean
}
export interface ExposedLook {
  readonly grant: string
  readonly at: number
  readonly month: string
  readonly purpose: string
  readonly channel: string
  readonly confirmed: boolean
  readonly brokenGlass: boolean
  /** The month's totals by kind and day were opened. */
  readonly bill: boolean
  /** Numbers that were asked about by yes or no. */
  readonly matches: number
  readonly rows: readonly ExposedRow[]
  readonly rowsTotal: number | null
  /** Different people in the rows, at most. */
  readonly people: number
}
export interface ExposedCustomer {
  readonly subject: string
  readonly tenure: string
  readonly looks: readonly ExposedLook[]
}
export type NotExposed =
  | { readonly what: 'content'; readonly because: 'never-held' }
  | { readonly what: 'places'; readonly because: 'not-in-field-set' }
  | { readonly what: 'other-rows'; readonly because: 'no-entry-shows-them'; readonly count: number }
  | {
      readonly what: 'other-months'
      readonly because: 'outside-the-grant'
      readonly months: readonly string[]
    }

export interface Exposed {
  readonly customers: readonly ExposedCustomer[]
  readonly totals: {
    readonly customers: number
    readonly looks: number
    readonly rows: number
    readonly fullNumbers: number
    /** Digits of another's number in a masked row: the most of any row. */
    readonly digitsMost: number
    readonly people: number
  }
  /** Every field that an entry says was shown. */
  readonly fields: readonly string[]
  readonly not: readonly NotExposed[]
}

type Cells = readonly [
  name: string,
  day: string,
  start: string,
  letter: string | null,
  type: string,
  digits: string | null,
  lasted: string,
  ...rest: unknown[],
]

/** Reads a person's renderings; `fields` are those that the disclosure entries name. */
export function exposedIn(looks: readonly ShownLook[], fields: ReadonlySet<string>): Exposed {
  const read = looks.map(readLook)
  const bySubject = Map.groupBy(read, ({ of }) => `${of.subject} ${of.tenure}`)
  const customers = [...bySubject.values()].map((own) => ({
    subject: own[0]!.of.subject as string,
    tenure: own[0]!.of.tenure,
    looks: own.map(({ look }) => look),
  }))
  // A row that was shown in two looks is one row.
  const rows = [...bySubject.values()].flatMap((own) => [...rowsOf(own).values()])
  return {
    customers,
    totals: {
      customers: customers.length,
      looks: looks.length,
      rows: rows.length,
      fullNumbers: rows.filter(({ full }) => full).length,
      digitsMost: rows.reduce((most, { digits }) => Math.max(most, digitsIn(digits)), 0),
      people: read.reduce((sum, { look }) => sum + look.people, 0),
    },
    fields: [...fields].sort(),
    not: notExposed(read, fields),
  }
}

interface ReadLook {
  readonly of: ShownLook
  readonly look: ExposedLook
  /** By the name of the record. */
  readonly rows: ReadonlyMap<string, ExposedRow>
}

function readLook(of: ShownLook): ReadLook {
  const cells = new Map<string, Cells>()
  const full = new Set<string>()
  let bill = false
  let matches = 0
  for (const one of of.renderings.map(({ text }) => parse(text))) {
    if (Array.isArray(one)) for (const row of one as Cells[]) cells.set(row[0], row)
    else if (has(one, 'name') && has(one, 'number')) full.add(String((one as { name: unknown }).name))
    else if (has(one, 'answer')) matches++
    else bill = true
  }
  const rows = new Map(
    [...cells].map(([name, [, day, start, , , digits, lasted]]) => [
      name,
      { day, start, digits, lasted, full: full.has(name) },
    ]),
  )
  const letters = new Set([...cells.values()].flatMap(([, , , letter]) => (letter === null ? [] : [letter])))
  const look = {
    grant: of.id,
    at: of.grantedAt,
    month: of.month,
    purpose: of.purpose,
    channel: of.channel,
    confirmed: of.confirmed,
    brokenGlass: of.brokenGlass,
    bill,
    matches,
    rows: [...rows.values()],
    rowsTotal: of.rowsTotal,
    people: letters.size,
  }
  return { of, look, rows }
}

function rowsOf(looks: readonly ReadLook[]): Map<string, ExposedRow> {
  const all = new Map<string, ExposedRow>()
  for (const { rows } of looks)
    for (const [name, row] of rows) all.set(name, { ...row, full: row.full || all.get(name)?.full === true })
  return all
}

function notExposed(read: readonly ReadLook[], fields: ReadonlySet<string>): NotExposed[] {
  const byMonth = Map.groupBy(read, ({ of }) => `${of.subject} ${of.tenure} ${of.month}`)
  const others = [...byMonth.values()].reduce((sum, looks) => {
    const total = Math.max(...looks.map(({ of }) => of.rowsTotal ?? 0))
    return sum + Math.max(0, total - rowsOf(looks).size)
  }, 0)
  const months = [...new Set(read.map(({ of }) => of.month))].sort()
  return [
    { what: 'content', because: 'never-held' },
    ...(fields.has('cell') ? [] : [{ what: 'places', because: 'not-in-field-set' } as const]),
    ...(others === 0 ? [] : [{ what: 'other-rows', because: 'no-entry-shows-them', count: others } as const]),
    ...(months.length === 0 ? [] : [{ what: 'other-months', because: 'outside-the-grant', months } as const]),
  ]
}

function digitsIn(digits: string | null): number {
  return digits === null ? 0 : [...digits].filter((char) => /[0-9]/.test(char)).length
}

function has(value: unknown, key: string): boolean {
  return typeof value === 'object' && value !== null && key in value
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
