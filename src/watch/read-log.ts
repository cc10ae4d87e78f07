import { LineSplitter } from '../calls/formats/delimited-lines.ts'
import { CodedError, invariant } from '../platform/coded-error.ts'
import { compileTime, type EventKindName, type LogMap } from './log-map.ts'
import type { Access, CircleKind, Fact, PeerKind } from './look.ts'
import type { LogToScore } from './score-log.ts'

/** A log of another system, read through its map. What a file does not say stays unsaid. */

export interface LogTexts {
  /** Delimited text with a header line, UTF-8 bytes as latin1 or plain text. */
  readonly accesses: string
  readonly staff?: string | undefined
  readonly events?: string | undefined
}

export interface LogRead extends LogToScore {
  /** Lines that could not be read, with the reason; never their values. */
  readonly faults: readonly { file: 'accesses' | 'staff' | 'events'; line: number; reason: string }[]
  /** What this log cannot tell, in words: signs that are therefore unknown. */
  readonly missing: readonly string[]
}

/** `map-column-missing`: the header lacks a column that the map names. */
export type LogCode = 'map-column-missing'

/** Reads a log. @throws CodedError `map-column-missing`. */
export function readLog(map: LogMap, texts: LogTexts): LogRead {
  const faults: LogRead['faults'][number][] = []
  const staff = texts.staff === undefined ? new Map<string, StaffLine>() : readStaff(map, texts.staff, faults)
  const facts: Fact[] = []
  for (const [employee, { line }] of staff)
    if (line !== '') facts.push({ kind: 'line', at: Number.MIN_SAFE_INTEGER, employee, subject: line })
  if (texts.events !== undefined) readEvents(map, texts.events, facts, faults)
  const accesses = readAccesses(map, texts.accesses, staff, faults)
  accesses.sort((a, b) => a.at - b.at)
  facts.sort((a, b) => a.at - b.at)
  const told = new Set(facts.map(({ kind }) => kind))
  return { accesses, facts, told, faults, missing: missingOf(map, told, staff.size > 0) }
}

interface StaffLine {
  readonly office: string
  readonly peers: PeerKind
  readonly line: string
  readonly desk: string
}

type Cells = (name: string) => string

/** Calls `take` for each row; `cell` gives a field by what the map calls it, `''` where there is no such column. */
function eachRow(
  text: string,
  part: { readonly delimiter?: string; readonly columns: object },
  file: 'accesses' | 'staff' | 'events',
  faults: LogRead['faults'][number][],
  take: (cell: Cells, line: number) => void,
): void {
  const splitter = new LineSplitter(part.delimiter ?? ',', '"')
  const lines: Parameters<LineSplitter['end']>[0] = []
  splitter.push(text.startsWith('\ufeff') ? text.slice(1) : text, lines)
  splitter.end(lines)
  const header = lines.shift()?.fields ?? []
  const places = new Map<string, number>()
  for (const [name, { column }] of Object.entries(part.columns as Record<string, { column: string }>)) {
    const place = header.indexOf(column)
    if (place === -1)
      throw new CodedError<LogCode>(
        'map-column-missing',
        `the ${file} file has no column "${column}": correct /${file}/columns/${name} of the map`,
      )
    places.set(name, place)
  }
  for (const { fields, fault, position } of lines) {
    if (fault !== null) faults.push({ file, line: position, reason: fault })
    else
      take((name) => {
        const place = places.get(name)
        return place === undefined ? '' : (fields[place] ?? '')
      }, position)
  }
}

function readStaff(map: LogMap, text: string, faults: LogRead['faults'][number][]): Map<string, StaffLine> {
  const staff = new Map<string, StaffLine>()
  if (map.staff === undefined) return staff
  eachRow(text, map.staff, 'staff', faults, (cell, line) => {
    const employee = cell('employee')
    if (employee === '') faults.push({ file: 'staff', line, reason: 'employee is empty' })
    else
      staff.set(employee, {
        office: cell('office'),
        peers: { kind: cell('kind'), role: cell('role'), shift: cell('shift') },
        line: cell('line'),
        desk: cell('desk'),
      })
  })
  return staff
}

function readAccesses(
  map: LogMap,
  text: string,
  staff: ReadonlyMap<string, StaffLine>,
  faults: LogRead['faults'][number][],
): Access[] {
  const { columns } = map.accesses
  const readTime = compileTime(columns.time)
  invariant(typeof readTime === 'function', 'a parsed map has a time that compiles')
  const accesses: Access[] = []
  const ids = new Set<string>()
  eachRow(text, map.accesses, 'accesses', faults, (cell, line) => {
    const fault = (reason: string) => void faults.push({ file: 'accesses', line, reason })
    const at = readTime(cell('time'))
    const employee = cell('employee')
    const subject = cell('subject')
    const id = columns.id === undefined ? `line ${line}` : cell('id')
    if (at === null) return fault('time does not fit the format of the map')
    if (employee === '' || subject === '') return fault('employee or subject is empty')
    if (id === '' || ids.has(id)) return fault('id is empty, or a look before had it')
    const amounts = readAmounts(columns, cell)
    if (amounts === null) return fault('an amount is not a number of 0 or more')
    ids.add(id)
    accesses.push({ id, at, employee, subject, ...amounts, ...readRest(columns, cell, staff.get(employee)) })
  })
  return accesses
}

type AccessColumns = LogMap['accesses']['columns']
const AMOUNTS = ['rows', 'beyond', 'unmasked', 'matches', 'seconds'] as const

/** Numbers where the log has them; an empty field is unknown, anything else that is no number is a fault. */
function readAmounts(columns: AccessColumns, cell: Cells): Partial<Access> | null {
  const amounts: { -readonly [K in (typeof AMOUNTS)[number]]?: number } = {}
  for (const name of AMOUNTS) {
    if (columns[name] === undefined) continue
    const text = cell(name)
    if (text === '') continue
    const value = Number(text)
    if (!(value >= 0 && value < 1e12)) return null
    amounts[name] = value
  }
  return amounts
}

function readRest(columns: AccessColumns, cell: Cells, person: StaffLine | undefined): Partial<Access> {
  const yes = (name: 'acted' | 'onShift' | 'brokenGlass') =>
    columns[name] === undefined ? {} : { [name]: columns[name].yes.includes(cell(name)) }
  const office = columns.office === undefined ? (person?.office ?? '') : cell('office')
  const ownDesk = columns.desk !== undefined && person !== undefined && person.desk !== ''
  return {
    ...(office === '' ? {} : { office }),
    ...(person === undefined ? {} : { peers: person.peers }),
    ...(columns.contact === undefined ? {} : { contact: cell('contact') || null }),
    ...(columns.ticket === undefined ? {} : { ticket: cell('ticket') || null }),
    ...(columns.note === undefined ? {} : { note: cell('note') }),
    ...(ownDesk ? { ownDesk: cell('desk') === person.desk } : {}),
    ...yes('acted'),
    ...yes('onShift'),
    ...yes('brokenGlass'),
  }
}

function readEvents(map: LogMap, text: string, facts: Fact[], faults: LogRead['faults'][number][]): void {
  if (map.events === undefined) return
  const { time, kind } = map.events.columns
  const readTime = compileTime(time)
  invariant(typeof readTime === 'function', 'a parsed map has a time that compiles')
  eachRow(text, map.events, 'events', faults, (cell, line) => {
    const fault = (reason: string) => void faults.push({ file: 'events', line, reason })
    const at = readTime(cell('time'))
    const is = kind.values[cell('kind')]
    if (at === null) return fault('time does not fit the format of the map')
    if (is === undefined) return fault('the map does not say what this kind of event is')
    if (is === 'ignore') return
    const fact = factOf(is, at, cell)
    if (typeof fact === 'string') fault(fact)
    else facts.push(fact)
  })
}

const NEEDS: Readonly<Record<Exclude<EventKindName, 'ignore'>, readonly string[]>> = {
  contact: ['subject'],
  ticket: ['subject'],
  'ticket-closed': ['id'],
  transfer: ['subject', 'employee'],
  denial: ['id'],
  acknowledgement: ['id'],
  justification: ['id'],
  complaint: ['subject'],
  tie: ['subject', 'other'],
  account: ['subject', 'other'],
  flag: ['subject'],
  circle: ['subject', 'employee', 'other'],
}
const CIRCLES: readonly string[] = ['own', 'household', 'declared']

/** A fact, or the reason why the line is none. */
function factOf(kind: Exclude<EventKindName, 'ignore'>, at: number, cell: Cells): Fact | string {
  const lacking = NEEDS[kind].find((name) => cell(name) === '')
  if (lacking !== undefined) return `${kind} needs ${lacking}`
  const subject = cell('subject')
  const employee = cell('employee') === '' ? null : cell('employee')
  const id = cell('id') === '' ? {} : { id: cell('id') }
  switch (kind) {
    case 'contact':
      return { kind, at, subject, employee, ground: 'shown', ...id }
    case 'ticket':
      return { kind, at, subject, employee, ...id }
    case 'ticket-closed':
      return { kind, at, id: cell('id') }
    case 'transfer':
      return { kind, at, subject, employee: employee! }
    case 'denial':
      return { kind: 'later', at, look: cell('id'), says: { denied: true } }
    case 'acknowledgement':
      return { kind: 'later', at, look: cell('id'), says: { acknowledged: true } }
    case 'justification':
      return { kind: 'later', at, look: cell('id'), says: { justified: true } }
    case 'complaint':
    case 'flag':
      return { kind, at, subject }
    case 'tie':
      return { kind, at, subject, other: cell('other') }
    case 'account':
      return { kind, at, subject, account: cell('other') }
    case 'circle':
      return CIRCLES.includes(cell('other'))
        ? { kind, at, subject, employee: employee!, tie: cell('other') as CircleKind }
        : 'circle needs own, household or declared in other'
  }
}

/** What nobody told, and what therefore cannot be known. */
function missingOf(map: LogMap, told: ReadonlySet<Fact['kind']>, hasStaff: boolean): string[] {
  const { columns } = map.accesses
  const without: readonly (readonly [boolean, string])[] = [
    [
      told.has('contact'),
      columns.contact === undefined
        ? 'contacts: nothing says who called, so no look is explained by a call'
        : 'contacts: the log’s own references are taken at their word',
    ],
    [told.has('ticket') || columns.ticket !== undefined, 'tickets'],
    [told.has('ticket'), 'who made a ticket and when'],
    [hasStaff, 'staff: everybody is compared with everybody'],
    [hasStaff || columns.office !== undefined, 'offices: neither rings nor other offices can be seen'],
    [told.has('circle'), 'numbers of employees’ own circles'],
    [told.has('tie'), 'who calls whom: no rings of customers, no ties to an employee’s line'],
    [told.has('account'), 'accounts: a call by a relative or colleague does not explain'],
    [told.has('transfer'), 'transfers between employees and offices'],
    [told.has('flag'), 'customers who are to be guarded'],
    [told.has('complaint'), 'complaints'],
    [told.has('later'), 'what customers and employees said afterwards'],
    ...(
      ['rows', 'beyond', 'unmasked', 'matches', 'seconds', 'acted', 'note', 'onShift', 'desk'] as const
    ).map((name) => [columns[name] !== undefined, `${name} of a look`] as const),
  ]
  return without.filter(([there]) => !there).map(([, says]) => says)
}
