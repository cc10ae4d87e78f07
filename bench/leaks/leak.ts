import { type Chance, createChance } from './chance.ts'
import { type Call, type Disclosure, showTo, type World } from './world.ts'

/** Leaks, as lists turn up: written by somebody with a screen, a phone, a pencil, or a bad conscience. */
export const LEAK_KINDS = [
  'masked',
  'partial',
  'shuffled',
  'retyped',
  'minutes',
  'unmasked',
  'two-looks',
  'three-looks',
  'invented-rows',
  'own-copy',
  'other-party',
  'outside',
  'unlogged',
  'knows-the-scheme',
] as const
export type LeakKind = (typeof LEAK_KINDS)[number]

export interface Leak {
  readonly kind: LeakKind
  readonly text: string
  /** Who leaked; nobody for lists that did not come from a look. */
  readonly agents: readonly string[]
  readonly grants: readonly string[]
  /** Lines that were really in the log. */
  readonly rows: number
  readonly errors: number
  /** The same lines as objects, for whoever compares objects. */
  readonly objects: readonly { readonly minute: string; readonly digits: string }[]
}

export interface LeakOptions {
  readonly rows: number
  /** Share of a number's digits that are misread; a fifth of it goes for each time and length. */
  readonly errors?: number
  /** Times and lengths are given in minutes, numbers as they are. */
  readonly toMinutes?: boolean
  readonly offsetMinutes: number
  /** Numbers are filled in from elsewhere; times and lengths stay as they stood on the screen. */
  readonly completed?: boolean
  /** How two or three looks are combined; drawn where absent. */
  readonly mix?: 'rows' | 'union'
}

/** What a list says of one row before it is written down. */
interface Line {
  readonly day: string
  /** `20:14` or `20:14:05` */
  readonly time: string
  readonly number: string
  readonly lasted: string
}

const HIDDEN = '•'

/** Makes one leak of a kind from a world. */
export function makeLeak(kind: LeakKind, world: World, seed: number, options: LeakOptions): Leak {
  const chance = createChance(seed)
  const looks = chance.shuffle(differentPeople(world.disclosures, chance))
  const rows = Math.min(options.rows, world.calls.length)
  const first = looks[0] as Disclosure
  const some = (look: Disclosure) => inOrder(chance.shuffle(look.rows).slice(0, rows))
  const errors = options.errors ?? (kind === 'retyped' ? chance.unit() * 0.2 : 0)
  const from = (lines: readonly Line[], by: readonly Disclosure[], really = rows): Leak => {
    const rounded = options.toMinutes === true || kind === 'minutes' ? lines.map(toMinutes) : lines
    const typed = errors > 0 ? rounded.map((line) => retype(line, errors, chance)) : rounded
    const ordered = kind === 'shuffled' ? chance.shuffle(typed) : typed
    return {
      kind,
      text: write(ordered, chance),
      agents: [...new Set(by.map(({ agent }) => agent))],
      grants: by.map(({ grant }) => grant),
      rows: really,
      errors,
      objects: ordered.map(({ day, time, number }) => ({
        minute: `${day} ${time.slice(0, 5)}`,
        digits: number,
      })),
    }
  }
  switch (kind) {
    case 'masked':
    case 'partial':
    case 'shuffled':
    case 'retyped':
    case 'minutes':
      return from(some(first).map(options.completed === true ? completedLine : seenLine), [first])
    case 'unmasked':
      return from(
        some(first).map(({ call }) => fullLine(call, options.offsetMinutes)),
        [first],
      )
    case 'two-looks':
    case 'three-looks': {
      const by = looks.slice(0, kind === 'two-looks' ? 2 : 3)
      return from(combine(by, rows, options.mix ?? chance.pick(['rows', 'union']), chance), by)
    }
    case 'invented-rows': {
      const made = Array.from({ length: Math.ceil(rows / 4) }, () => inventLine(chance))
      return from([...some(first).map(seenLine), ...made].sort(byTime), [first])
    }
    case 'own-copy':
      return from(
        some(first).map(({ call }) => fullLine(call, options.offsetMinutes)),
        [],
      )
    case 'other-party': {
      const often = mostCalled(world.calls)
      const calls = world.calls.filter(({ number }) => number === often).slice(0, rows)
      return from(
        calls.map((call) => fullLine(call, options.offsetMinutes)),
        [],
        calls.length,
      )
    }
    case 'unlogged': {
      // Our own masks on a way that left no entry: a look that nobody here has.
      const unseen = showTo(world.calls, world.keys, world.place, {
        grant: `unlogged-${seed}`,
        agent: `nobody-${seed}`,
      })
      return from(some(unseen).map(seenLine), [])
    }
    case 'outside':
      return from(
        some(first).map(({ call, seen }) => imitate(seen, call, chance)),
        [],
      )
    case 'knows-the-scheme':
      return from(
        some(first).map((row) => disguise(seenLine(row), row.call, chance)),
        [first],
      )
  }
}

/** One look of each person, so that two looks are two people's. */
function differentPeople(looks: readonly Disclosure[], chance: Chance): Disclosure[] {
  return [...Map.groupBy(looks, ({ agent }) => agent).values()].map((own) => chance.pick(own))
}

function seenLine({ seen }: Disclosure['rows'][number]): Line {
  return { day: seen.day, time: seen.start, number: seen.digits ?? seen.typeLabel.en, lasted: seen.lasted.en }
}

function completedLine(row: Disclosure['rows'][number]): Line {
  return { ...seenLine(row), number: `0${row.call.number.slice(3)}` }
}

function fullLine(call: Call, offsetMinutes: number): Line {
  const local = new Date((call.start + offsetMinutes * 60) * 1000).toISOString()
  const { durationSeconds: s } = call
  return {
    day: local.slice(0, 10),
    time: local.slice(11, 19),
    number: `0${call.number.slice(3)}`,
    lasted: `${Math.floor(s / 60)}:${String(s % 60).padStart(2, '0')}`,
  }
}

function toMinutes(line: Line): Line {
  const exact = /^([0-9]+):([0-9]{2})$/.exec(line.lasted)
  const minutes = exact === null ? null : Math.max(1, Number(exact[1]) + (Number(exact[2]) > 0 ? 1 : 0))
  return { ...line, time: line.time.slice(0, 5), lasted: minutes === null ? line.lasted : `${minutes} min` }
}

/** Two or three screens side by side: a row from one of them, or the digits of all. */
function combine(by: readonly Disclosure[], rows: number, mix: 'rows' | 'union', chance: Chance): Line[] {
  const places = chance.shuffle((by[0] as Disclosure).rows.map((_, i) => i)).slice(0, rows)
  return places
    .sort((a, b) => a - b)
    .map((i) => {
      const seen = by.map((look) => seenLine(look.rows[i] as Disclosure['rows'][number]))
      const one = chance.pick(seen)
      if (mix === 'rows') return one
      const number = Array.from(
        one.number,
        (char, at) => seen.find((line) => line.number[at] !== HIDDEN)?.number[at] ?? char,
      )
      const time = seen.find((line) => line.time.length > 5)?.time ?? one.time
      return { ...one, time, number: number.join('') }
    })
}

/** Our style without our screen: any two of seven digits, seconds and lengths as a coin falls. */
function imitate(seen: Disclosure['rows'][number]['seen'], call: Call, chance: Chance): Line {
  const full = call.number.slice(-7)
  const [a, b] = chance.shuffle([0, 1, 2, 3, 4, 5, 6])
  const minute = seen.start.slice(0, 5)
  const seconds = String(call.start % 60).padStart(2, '0')
  const exact = `${Math.floor(call.durationSeconds / 60)}:${String(call.durationSeconds % 60).padStart(2, '0')}`
  return {
    day: seen.day,
    time: chance.unit() < 0.5 ? minute : `${minute}:${seconds}`,
    number: Array.from(full, (digit, i) => (i === a || i === b ? digit : HIDDEN)).join(''),
    lasted: chance.unit() < 0.5 ? exact : `${Math.max(1, Math.ceil(call.durationSeconds / 60))} min`,
  }
}

/**
 * Somebody who has read how masks work: rounds everything, leaves a digit out of every third row, and fills a place
 * or two with digits of their own so as to look like somebody else.
 */
function disguise(line: Line, call: Call, chance: Chance): Line {
  const rounded = toMinutes(line)
  const kept = Array.from(rounded.number)
  const shown = kept.flatMap((char, i) => (char === HIDDEN ? [] : [i]))
  if (chance.unit() < 0.33 && shown.length > 0) kept[chance.pick(shown)] = HIDDEN
  if (chance.unit() < 0.33) {
    const hidden = kept.flatMap((char, i) => (char === HIDDEN ? [i] : []))
    const at = chance.pick(hidden)
    // Now and then a digit that they know to be right, from the person's other looks or from life.
    kept[at] = chance.unit() < 0.3 ? (call.number.slice(-7)[at] as string) : String(chance.below(10))
  }
  return { ...rounded, number: kept.join('') }
}

function inventLine(chance: Chance): Line {
  const two = (n: number) => String(n).padStart(2, '0')
  const [a, b] = chance.shuffle([0, 1, 2, 3, 4, 5, 6])
  return {
    day: `2026-08-${two(1 + chance.below(30))}`,
    time: `${two(chance.below(24))}:${two(chance.below(60))}`,
    number: Array.from({ length: 7 }, (_, i) => (i === a || i === b ? chance.below(10) : HIDDEN)).join(''),
    lasted: `${1 + chance.below(12)} min`,
  }
}

/** A pencil's errors: a digit is read as another, or not at all; a hidden one becomes a digit; a minute slips. */
function retype(line: Line, errors: number, chance: Chance): Line {
  const number = Array.from(line.number, (char) => {
    if (char === HIDDEN) return chance.unit() < 0.3 * errors ? String(chance.below(10)) : char
    if (chance.unit() >= errors) return char
    return chance.unit() < 0.2 ? HIDDEN : String((Number(char) + 1 + chance.below(9)) % 10)
  })
  return {
    ...line,
    number: number.join(''),
    time: chance.unit() < errors / 5 ? slip(line.time, chance) : line.time,
    lasted: chance.unit() < errors / 5 ? slip(line.lasted, chance) : line.lasted,
  }
}

function slip(text: string, chance: Chance): string {
  const places = Array.from(text).flatMap((char, i) => (/[0-9]/.test(char) ? [i] : []))
  const at = chance.pick(places)
  return text.slice(0, at) + String((Number(text[at]) + 1 + chance.below(9)) % 10) + text.slice(at + 1)
}

/** Written as lists are: retyped with spaces, exported with commas, with stars, dots or crosses for what is hidden. */
function write(lines: readonly Line[], chance: Chance): string {
  const mark = chance.pick(['•', '*', 'x', '.', '•'])
  const style = chance.pick(['csv', 'tabs', 'spaces'] as const)
  const separator = style === 'csv' ? ',' : style === 'tabs' ? '\t' : '  '
  const dayText = chance.pick([
    (day: string) => day,
    (day: string) => `${Number(day.slice(8))}/${Number(day.slice(5, 7))}`,
    (day: string) => `${day.slice(8)}/${day.slice(5, 7)}/${day.slice(0, 4)}`,
  ])
  const body = lines.map(({ day, time, number, lasted }) =>
    [dayText(day), time, number.replaceAll(HIDDEN, mark), lasted].join(separator),
  )
  return `${(style === 'csv' ? ['Date,Time,Number,Duration', ...body] : body).join('\n')}\n`
}

function inOrder(rows: Disclosure['rows']): Disclosure['rows'] {
  return [...rows].sort((a, b) => a.call.start - b.call.start)
}

function byTime(a: Line, b: Line): number {
  return `${a.day} ${a.time}` < `${b.day} ${b.time}` ? -1 : 1
}

function mostCalled(calls: readonly Call[]): string {
  const groups = [...Map.groupBy(calls, ({ number }) => number)]
  return groups.reduce((a, b) => (b[1].length > a[1].length ? b : a))[0]
}
