import { type BatchMaker, createClassifier, type IdCall, type ReferenceMark } from '../call-batch.ts'
import { NO_DURATION } from '../call-rows.ts'
import type { NumberPlan } from '../numbers.ts'
import { KINDS, NO_TEXT } from '../record-columns.ts'
import { createByteMemo } from './byte-memo.ts'
import type { ColumnMap } from './column-map.ts'
import {
  bytesReader,
  chargeReader,
  durationReader,
  kindReader,
  MISSED,
  partyParser,
  plausibleStarts,
  tariffReader,
  textAt,
} from './delimited-row.ts'
import { compileTimeLayout } from './local-time.ts'
import { createPartyIds, type PartyIds } from './party-memo.ts'

/** Reads rows straight into a maker's batch. */
export interface IdRow {
  /**
   * Adds the row whose fields end at `ends`, the first beginning at `from`; false when it is no ordinary one, for
   * `compileRow` to say what it is.
   */
  take(data: Buffer, from: number, ends: Int32Array, position: number): boolean
}

interface IdRowOptions {
  readonly plan: NumberPlan
  readonly now: number
  readonly indexOf: (column: string | number) => number
}

/** What a field means: a number, NaN for null, or `NOT` for what `compileRow` must look at. */
type Field = (data: Buffer, from: number, ends: Int32Array) => number

const NOT = Number.NEGATIVE_INFINITY
const [SMS, DATA] = [KINDS.indexOf('sms'), KINDS.indexOf('data')]
/** The largest number that a block can hold, and the latest start. */
const LARGEST = 2 ** 51
const LATEST_START = 2 ** 32 - 1
const ZERO = 48
const NO_FIELD: Field = () => Number.NaN
const NO_ID: Field = () => NO_TEXT

/**
 * Compiles a map of calls (`caller` and `called` columns, start in digits of fixed width) into a reader of bytes; null for
 * any other map. Each value is read by the readers that `compileRow` has, once, and its bytes are remembered.
 */
export function compileIdRow(map: ColumnMap, options: IdRowOptions, maker: BatchMaker): IdRow | null {
  const { start: startColumn } = map.columns
  const layout = compileTimeLayout(startColumn.format, startColumn.zone)
  let own = compileFields(map, options, maker)
  if (own === null || layout === null) return null
  const { earliest, latest } = plausibleStarts(map, options.now)
  const startAt = options.indexOf(startColumn.column)
  const call: IdCall = { ...NOTHING, served: map.served ?? 'both' }
  let generation = maker.generation
  return {
    take(data, from, ends, position) {
      if (generation !== maker.generation) {
        generation = maker.generation
        own = compileFields(map, options, maker)
      }
      const fields = own!
      const begin = beginOf(startAt, from, ends)
      if (ends[startAt]! - begin !== layout.length) return false
      const start = layout.read(data, begin)
      // NaN, for what is no time, is not between any two.
      if (!(start >= earliest && start <= latest && start >= 0 && start <= LATEST_START)) return false
      const caller = fields.caller(data, from, ends)
      const called = fields.called(data, from, ends)
      const kind = fields.kind(data, from, ends)
      const lasted = fields.duration(data, from, ends)
      const used = fields.bytes(data, from, ends)
      const cost = fields.charge(data, from, ends)
      const tariff = fields.tariff(data, from, ends)
      // Each of them is a number of its own or NOT, which no sum of them hides.
      if (caller === NOT || called === NOT || kind === NOT || lasted === NOT) return false
      if (used === NOT || used > LARGEST || cost === NOT || tariff === NOT) return false
      const answered = lasted !== MISSED && fields.answered(data, from, ends) === 1
      const { callerClass, calledClass } = fields.classOf(kind, answered, Number.isNaN(cost), tariff)
      call.position = position
      call.start = start
      call.caller = caller
      call.called = kind === DATA ? fields.none : called
      call.callerClass = callerClass
      call.calledClass = calledClass
      call.duration = kind === SMS || Number.isNaN(lasted) ? NO_DURATION : lasted === MISSED ? 0 : lasted
      call.callerCell = fields.callerCell(data, from, ends)
      call.calledCell = fields.calledCell(data, from, ends)
      call.bytes = kind === DATA ? used : Number.NaN
      call.charge = cost
      call.mark = fields.mark(data, from, ends)
      // In nobody's log it cannot be, and `compileRow` has its own words for that.
      return maker.addIds(call)
    },
  }
}

const NOTHING: IdCall = {
  position: 0,
  caller: 0,
  called: 0,
  served: 'both',
  callerHidden: false,
  start: 0,
  callerClass: 0,
  calledClass: 0,
  duration: NO_DURATION,
  callerCell: NO_TEXT,
  calledCell: NO_TEXT,
  bytes: Number.NaN,
  charge: Number.NaN,
  mark: null,
}

function beginOf(index: number, from: number, ends: Int32Array): number {
  return index === 0 ? from : ends[index - 1]! + 1
}

function compileFields(map: ColumnMap, options: IdRowOptions, maker: BatchMaker) {
  const { columns } = map
  const { caller, called } = columns
  if (caller === undefined || called === undefined || 'fixed' in caller || 'fixed' in called) return null
  const { others, texts } = maker.dictionaries
  const at = (column: { column: string | number } | undefined): number =>
    column === undefined ? -1 : options.indexOf(column.column)
  const forms = new Map<string, PartyIds>()
  const party = (column: typeof caller): Field => {
    const { parse, form } = partyParser(column, options.plan)
    const ids = forms.get(form) ?? createPartyIds({ plan: options.plan, form, no: NOT }, parse)(others)
    forms.set(form, ids)
    const index = at(column)
    return (data, from, ends) => ids.idOf(data, beginOf(index, from, ends), ends[index]!)
  }
  // Readers look at one field, which stands alone here.
  const cell = (column: { column: string | number } | undefined): Field => {
    if (column === undefined) return NO_ID
    return remembered(at(column), (text) => {
      const own = textAt([text], 0)
      return own === null ? NO_TEXT : texts.idOf(own)
    })
  }
  const number = (
    read: (fields: readonly string[]) => number | null | string,
  ): ((text: string) => number) => {
    return (text) => {
      const value = read([text])
      return typeof value === 'string' ? NOT : (value ?? Number.NaN)
    }
  }
  const yes = new Set(columns.answered?.yes)
  return {
    caller: party(caller),
    called: party(called),
    none: others.idOf({ kind: 'none' }),
    kind: kindField(columns.kind, 'column' in columns.kind ? at(columns.kind) : -1),
    duration:
      columns.duration === undefined
        ? NO_FIELD
        : counted(at(columns.duration), number(durationReader(columns.duration, 0))),
    bytes:
      columns.bytes === undefined
        ? NO_FIELD
        : counted(at(columns.bytes), number(bytesReader(columns.bytes, 0))),
    charge:
      columns.charge === undefined
        ? NO_FIELD
        : counted(at(columns.charge), number(chargeReader(columns.charge, 0))),
    answered:
      columns.answered === undefined
        ? () => 1
        : remembered(at(columns.answered), (text) => (yes.has(text) ? 1 : 0)),
    callerCell: cell(columns.callerCell),
    calledCell: cell(columns.calledCell),
    ...classFields(map, maker, columns.tariff && 'column' in columns.tariff ? at(columns.tariff) : -1),
    mark: markField(map, maker, at(columns.reference)),
  }
}

function remembered(index: number, read: (text: string) => number): Field {
  const memo = createByteMemo(read)
  return (data, from, ends) => memo.valueOf(data, beginOf(index, from, ends), ends[index]!)
}

function kindField(kind: ColumnMap['columns']['kind'], index: number): Field {
  const read = kindReader(kind, 0)
  const code = (text: string): number => {
    const known = read([text])
    return known === null ? NOT : KINDS.indexOf(known)
  }
  if (index !== -1) return remembered(index, code)
  const fixed = code('')
  return () => fixed
}

/** So many digits at most are remembered by the number that they are. */
const MOST_DIGITS = 3

/** As `remembered`, for a field that is mostly a small number: then its place in a table is that number. */
function counted(index: number, read: (text: string) => number): Field {
  const slow = remembered(index, read)
  const known = new Float64Array(10 ** MOST_DIGITS)
  const isKnown = new Uint8Array(10 ** MOST_DIGITS)
  return (data, from, ends) => {
    const begin = beginOf(index, from, ends)
    const end = ends[index]!
    // With a zero in front it is another text, which a map may give another meaning.
    if (end === begin || end - begin > MOST_DIGITS || (data[begin] === ZERO && end - begin > 1))
      return slow(data, from, ends)
    let number = 0
    for (let at = begin; at < end; at++) {
      const digit = data[at]! - ZERO
      if (digit < 0 || digit > 9) return slow(data, from, ends)
      number = number * 10 + digit
    }
    if (isKnown[number] === 0) {
      known[number] = read(data.toString('latin1', begin, end))
      isKnown[number] = 1
    }
    return known[number]!
  }
}

function classFields(map: ColumnMap, { dictionaries }: BatchMaker, index: number) {
  const classify = createClassifier(dictionaries)
  const read = tariffReader(map.columns.tariff, 0)
  const tariffs: (string | null)[] = []
  const known = new Map<string | null, number>()
  const idOf = (text: string): number => {
    const tariff = read([text])
    if (tariff === undefined) return NOT
    const id = known.get(tariff) ?? tariffs.push(tariff) - 1
    known.set(tariff, id)
    return id
  }
  const fixed = index === -1 ? idOf('') : NOT
  const currency = map.columns.charge?.currency ?? null
  /** By tariff, kind, answered and free: the classes of a call's two rows. */
  const classes: ReturnType<typeof classify>[] = []
  return {
    tariff: index === -1 ? ((() => fixed) as Field) : remembered(index, idOf),
    classOf(kind: number, answered: boolean, free: boolean, tariff: number) {
      const place = ((tariff * KINDS.length + kind) * 2 + (answered ? 1 : 0)) * 2 + (free ? 1 : 0)
      classes[place] ??= classify({
        kind: KINDS[kind]!,
        answered,
        currency: free ? null : currency,
        tariff: tariffs[tariff]!,
        served: map.served ?? 'both',
      })
      return classes[place]
    },
  }
}

function markField(
  map: ColumnMap,
  { markReference }: BatchMaker,
  index: number,
): (data: Buffer, from: number, ends: Int32Array) => ReferenceMark | null {
  if (index === -1) return () => null
  const served = map.served ?? 'both'
  return (data, from, ends) => {
    const reference = textAt([data.toString('latin1', beginOf(index, from, ends), ends[index]!)], 0)
    return markReference({ served, reference })
  }
}
