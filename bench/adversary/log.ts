/** The three files that a world leaves behind, as rows of text; `maps/watch-example.json` says how to read them. */

export interface AccessRow {
  readonly id: string
  /** Epoch seconds. */
  readonly time: number
  readonly employee: string
  readonly subject: string
  readonly contact: string
  readonly ticket: string
  readonly rows: number
  /** Rows outside the period that the question was about. */
  readonly beyond: number
  readonly unmasked: number
  readonly matches: number
  readonly seconds: number
  readonly action: string
  readonly note: string
  /** Which desk the screen stood at. */
  readonly device: string
  readonly onShift: 'yes' | 'no'
}

export type EventKind =
  | 'contact'
  | 'ticket'
  | 'ticket-closed'
  | 'transfer'
  | 'denial'
  | 'complaint'
  | 'tie'
  | 'account'
  | 'flag'
  | 'circle'

export interface EventRow {
  readonly time: number
  readonly kind: EventKind
  /** Of a contact or ticket: its own; of a denial: the look's. */
  readonly id: string
  readonly subject: string
  readonly employee: string
  /** The other customer of a tie, an account, a flag, or what kind of circle. */
  readonly other: string
}

export interface StaffRow {
  readonly employee: string
  readonly office: string
  readonly kind: string
  readonly role: string
  readonly shift: string
  readonly line: string
  readonly desk: string
}

/** Which looks were misuse; kept apart from the log. */
export interface LabelRow {
  readonly id: string
  readonly scheme: string
  readonly type: string
}

export interface WorldLog {
  readonly accesses: AccessRow[]
  readonly events: EventRow[]
  readonly staff: StaffRow[]
  readonly labels: LabelRow[]
}

/** Rows as comma-separated text with a header line; no value holds a comma. */
export function toCsv<T extends object>(rows: readonly T[], columns: readonly (keyof T & string)[]): string {
  return `${[columns.join(','), ...rows.map((row) => columns.map((name) => String(row[name])).join(','))].join('\n')}\n`
}

export const ACCESS_COLUMNS = [
  'id',
  'time',
  'employee',
  'subject',
  'contact',
  'ticket',
  'rows',
  'beyond',
  'unmasked',
  'matches',
  'seconds',
  'action',
  'note',
  'device',
  'onShift',
] as const satisfies readonly (keyof AccessRow)[]
export const EVENT_COLUMNS = ['time', 'kind', 'id', 'subject', 'employee', 'other'] as const
export const STAFF_COLUMNS = ['employee', 'office', 'kind', 'role', 'shift', 'line', 'desk'] as const
export const LABEL_COLUMNS = ['id', 'scheme', 'type'] as const
