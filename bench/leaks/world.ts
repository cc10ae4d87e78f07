import { createHash } from 'node:crypto'
import type { E164, OtherParty } from '../../src/calls/call-record.ts'
import type { NumberPlan } from '../../src/calls/numbers.ts'
import type { RowViewData } from '../../src/care/look-schemas.ts'
import { type MaskKeys, masksOf, type RowMask } from '../../src/care/mask.ts'
import { maskParty, renderRow } from '../../src/care/rows.ts'
import { type Chance, createChance } from './chance.ts'

/**
 * A customer's month and everybody who looked at it, as the care desk would have shown it: its own masks, its own
 * rendering of rows. Nothing here knows how a leak is traced.
 */
export interface Call {
  readonly name: string
  /** Epoch seconds. */
  readonly start: number
  readonly durationSeconds: number
  readonly number: E164
  readonly chargeMilli: number
}

export interface Disclosure {
  readonly grant: string
  readonly agent: string
  /** The rows shown, in the order of the log, as they stood on the screen. */
  readonly rows: readonly { readonly call: Call; readonly seen: RowViewData }[]
}

export interface World {
  readonly seed: number
  readonly calls: readonly Call[]
  readonly disclosures: readonly Disclosure[]
  readonly keys: MaskKeys
  readonly place: Pick<WorldOptions, 'plan' | 'offsetMinutes'>
}

export interface WorldOptions {
  readonly plan: NumberPlan
  readonly offsetMinutes: number
  readonly agents: number
  readonly looks: number
  readonly calls: number
  /** Whether numbers repeat as people's do (over so many, by rank to the power -`zipf`), or each row has its own. */
  readonly contacts: number | 'all-different'
  /** 1 where absent: the number called most gets a fifth of the calls to 60. */
  readonly zipf?: number
}

/** 1 August 2026, midnight UTC, in seconds. */
const AUGUST = Date.UTC(2026, 7, 1) / 1000

/** The mask keys of a seed: 32 bytes each. */
export function keysOf(seed: number): MaskKeys {
  const key = (name: string) => createHash('sha256').update(`${seed} ${name}`).digest()
  return { number: key('number'), agent: key('agent'), row: key('row'), flags: key('flags') }
}

/** Makes the month and its looks. Each look shows every row, but for a few that show some pages only. */
export function makeWorld(seed: number, options: WorldOptions): World {
  const chance = createChance(seed)
  const calls = makeCalls(chance, seed, options)
  const keys = keysOf(seed)
  const disclosures = Array.from({ length: options.looks }, (_, n) => {
    const grant = createHash('sha256').update(`${seed} grant ${n}`).digest('hex').slice(0, 24)
    const agent = `agent-${n < options.agents ? n : chance.below(options.agents)}`
    return showTo(calls, keys, options, { grant, agent })
  })
  return { seed, calls, disclosures, keys, place: options }
}

/** What one look of the whole month shows. */
export function showTo(
  calls: readonly Call[],
  keys: MaskKeys,
  { plan, offsetMinutes }: Pick<WorldOptions, 'plan' | 'offsetMinutes'>,
  look: { grant: string; agent: string },
): Disclosure {
  const masks = masksOf(keys, look)(calls.map(({ name }) => name))
  const rows = calls.map((call, i) => {
    const mask = masks[i] as RowMask
    const other: OtherParty = { kind: 'number', number: call.number }
    const seen = renderRow(
      {
        ...call,
        bytes: null,
        kind: 'voice',
        direction: 'out',
        answered: true,
        other: maskParty(other, plan, (number) => mask.maskNumber(number)),
      },
      { row: '1-1', party: null, answers: false, flags: mask.flags, offsetMinutes },
    )
    return { call, seen }
  })
  return { ...look, rows }
}

/** A rendering as the care desk seals it: what an opened page says. */
export function renderingOf(rows: Disclosure['rows']): string {
  return JSON.stringify(
    rows.map(({ call, seen }) => [
      call.name,
      seen.day,
      seen.start,
      seen.letter,
      seen.typeLabel.en,
      seen.digits,
      seen.lasted.en,
      seen.chargeMilli,
      seen.why.en,
    ]),
  )
}

function makeCalls(chance: Chance, seed: number, options: WorldOptions): Call[] {
  const contacts = options.contacts === 'all-different' ? options.calls : options.contacts
  const numbers = Array.from({ length: contacts }, () => `+9597${digits(chance, 8)}` as E164)
  const weights = numbers.map((_, i) => (i + 1) ** -(options.zipf ?? 1))
  const all = weights.reduce((sum, weight) => sum + weight, 0)
  const draw = (): E164 => {
    let left = chance.unit() * all
    for (const [i, weight] of weights.entries()) {
      left -= weight
      if (left <= 0) return numbers[i] as E164
    }
    return numbers[0] as E164
  }
  return Array.from({ length: options.calls }, (_, n) => {
    const start = AUGUST + chance.below(30 * 86_400)
    const durationSeconds = 5 + Math.floor(-Math.log(1 - chance.unit()) * 120)
    const number = options.contacts === 'all-different' ? (numbers[n] as E164) : draw()
    const name = createHash('sha256').update(`${seed} call ${n}`).digest('hex').slice(0, 16)
    return { name, start, durationSeconds, number, chargeMilli: Math.ceil(durationSeconds / 60) * 25_000 }
  }).sort((a, b) => a.start - b.start)
}

function digits(chance: Chance, count: number): string {
  return Array.from({ length: count }, () => chance.below(10)).join('')
}
