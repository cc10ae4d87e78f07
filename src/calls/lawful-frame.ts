import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import Type, { type Static } from 'typebox'
import { CodedError } from '../platform/coded-error.ts'
import { describeMistake, placeOf, readPlacedJson } from './json-place.ts'

const WordsSchema = Type.Object(
  {
    en: Type.String({ minLength: 1, maxLength: 1000 }),
    my: Type.String({ minLength: 1, maxLength: 2000 }),
  },
  { additionalProperties: false },
)
const Id = Type.String({ pattern: '^[a-z0-9]+(-[a-z0-9]+)*$', maxLength: 48 })
const Code = Type.String({ pattern: '^[A-Z0-9]+(-[A-Z0-9a-z]+)*$', maxLength: 48 })
const Source = Type.String({ minLength: 1, maxLength: 400 })
const Day = Type.String({ pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' })
const Hours = Type.Integer({ minimum: 1, maximum: 8760 })
const Days = Type.Integer({ minimum: 1, maximum: 3660 })

/** What a call record can tell, and who holds the number; content is never held. */
export const DATA_FIELDS = ['time', 'length', 'kind', 'other-number', 'place', 'charge', 'holder'] as const
export type DataField = (typeof DATA_FIELDS)[number]
const FieldName = Type.Unsafe<DataField>(Type.Union(DATA_FIELDS.map((field) => Type.Literal(field))))

/** What a legal basis demands of the paper that cites it. */
export const DEMANDS = [
  'written',
  'signed',
  'government-approval',
  'court-order',
  'judge-or-prosecutor',
] as const
const Demand = Type.Unsafe<(typeof DEMANDS)[number]>(
  Type.Union(DEMANDS.map((demand) => Type.Literal(demand))),
)

export const AUTHORITY_CLASSES = ['police', 'ministry', 'court', 'foreign', 'other'] as const
export type AuthorityClass = (typeof AUTHORITY_CLASSES)[number]

const CategorySchema = Type.Object(
  { id: Id, words: WordsSchema, fields: Type.Optional(Type.Array(FieldName, { minItems: 1 })) },
  { additionalProperties: false },
)
const BasisSchema = Type.Object(
  {
    code: Code,
    title: WordsSchema,
    /** What the law says, in a sentence or two; a paraphrase is marked as one in `source`. */
    says: WordsSchema,
    demands: Type.Array(Demand, { uniqueItems: true }),
    /** False: it cannot carry a request by itself and only stands beside another. */
    alone: Type.Boolean(),
    validFrom: Day,
    validUntil: Type.Optional(Day),
    suspendedFrom: Type.Optional(Day),
    /** Fields it allows; all when absent. */
    fields: Type.Optional(Type.Array(FieldName, { minItems: 1 })),
    source: Source,
  },
  { additionalProperties: false },
)
const AuthoritySchema = Type.Object(
  {
    id: Id,
    class: Type.Unsafe<AuthorityClass>(Type.Union(AUTHORITY_CLASSES.map((name) => Type.Literal(name)))),
    name: WordsSchema,
    /** Where to call back: from our own directory, never from the letter. */
    callBack: Type.String({ pattern: '^\\+[1-9][0-9]{6,14}$' }),
  },
  { additionalProperties: false },
)
const GroundSchema = Type.Object(
  {
    id: Id,
    words: WordsSchema,
    /** Whose ground it is: the filter's, the operator's, or both. */
    by: Type.Union([Type.Literal('filter'), Type.Literal('operator'), Type.Literal('both')]),
  },
  { additionalProperties: false },
)
const DeadlinesSchema = Type.Object(
  {
    filterHours: Hours,
    routineHours: Hours,
    priorityHours: Hours,
    emergencyHours: Hours,
    clarifyDays: Days,
    paperWithinHours: Hours,
    reviewAfterEmergencyDays: Days,
    receiptDays: Days,
    preserveDays: Days,
    preserveExtendDays: Days,
    holdAfterEndDays: Days,
    secrecyDays: Days,
    packageDays: Days,
    source: Source,
  },
  { additionalProperties: false },
)
const LimitsSchema = Type.Object(
  {
    periodDays: Days,
    emergencyPeriodHours: Hours,
    identifiers: Type.Integer({ minimum: 1, maximum: 10_000 }),
    /** Reasons that must be written out have this many letters or more. */
    reasonLetters: Type.Integer({ minimum: 1, maximum: 400 }),
    source: Source,
  },
  { additionalProperties: false },
)

/** The part of a jurisdiction that says how authorities may ask. */
export const LawfulFrameSchema = Type.Object(
  {
    id: Id,
    name: WordsSchema,
    /** ISO 3166, or `EU`: how requests are numbered in TS 102 657. */
    countryCode: Type.String({ pattern: '^[A-Z]{2}$' }),
    /** Who filters before the operator reviews. */
    gate: Type.Object({ id: Id, name: WordsSchema, goTo: WordsSchema }, { additionalProperties: false }),
    categories: Type.Array(CategorySchema, { minItems: 1, maxItems: 100 }),
    bases: Type.Array(BasisSchema, { minItems: 1, maxItems: 100 }),
    authorities: Type.Array(AuthoritySchema, { minItems: 1, maxItems: 500 }),
    grounds: Type.Array(GroundSchema, { minItems: 1, maxItems: 100 }),
    deadlines: DeadlinesSchema,
    limits: LimitsSchema,
    /** Further files under `jurisdictions/` whose requests are taken: `eu-e-evidence`. */
    alsoTakes: Type.Optional(Type.Array(Id, { maxItems: 20 })),
  },
  { additionalProperties: false },
)

/** Categories, legal bases, authorities, grounds, deadlines and limits of one legal frame, all of it data. */
export type LawfulFrame = Static<typeof LawfulFrameSchema>

const FrameFile = Type.Object({ lawful: LawfulFrameSchema }, { additionalProperties: false })

/**
 * Reads a file that is a legal frame and no country: `jurisdictions/eu-e-evidence.json`.
 * @throws CodedError `jurisdiction-invalid` with file, line, place and rule of the first mistake.
 */
export function parseLawfulFrame(text: string, file: string): LawfulFrame {
  const read = readPlacedJson(text, FrameFile)
  if ('mistake' in read) throw new CodedError('jurisdiction-invalid', describeMistake(file, read.mistake))
  checkFrame(read.value.lawful, { text, file })
  return read.value.lawful
}

/**
 * What a schema cannot say: every id once, days that the calendar has, a law that ends after it began, clocks that
 * can be met, a ground for what the machine itself refuses, and further frames that are there. `text` is the file
 * that `frame` was read from, under `/lawful`.
 * @throws CodedError `jurisdiction-invalid` with file, line, place and rule of the first mistake.
 */
export function checkFrame(frame: LawfulFrame, { text, file }: { text: string; file: string }): void {
  const mistake = mistakesOf(frame)[0]
  if (mistake === undefined) return
  const place = placeOf(text, `/lawful${mistake.pointer}`)
  throw new CodedError('jurisdiction-invalid', describeMistake(file, { ...place, rule: mistake.rule }))
}

/** Grounds that rules name by themselves. */
export const REQUIRED_GROUNDS = ['out-of-scope-offence', 'clarification-timeout'] as const

interface FrameMistake {
  readonly pointer: string
  readonly rule: string
}

function mistakesOf(frame: LawfulFrame): FrameMistake[] {
  const { categories, bases, authorities, grounds, deadlines, alsoTakes = [] } = frame
  const known = new Set(readdirSync(FOLDER))
  return [
    ...standTwice('/categories', categories, ({ id }) => id),
    ...standTwice('/bases', bases, ({ code }) => code),
    ...standTwice('/authorities', authorities, ({ id }) => id),
    ...standTwice('/grounds', grounds, ({ id }) => id),
    ...bases.flatMap(mistakesOfBasis),
    ...REQUIRED_GROUNDS.filter((id) => !grounds.some((ground) => ground.id === id)).map((id) => ({
      pointer: '/grounds',
      rule: `${id} is missing: the rules themselves refuse on it`,
    })),
    ...(deadlines.emergencyHours > deadlines.routineHours
      ? [{ pointer: '/deadlines/emergencyHours', rule: 'is longer than routineHours' }]
      : []),
    ...alsoTakes.flatMap((id, at) =>
      known.has(`${id}.json`) ? [] : [{ pointer: `/alsoTakes/${at}`, rule: `there is no ${id}.json` }],
    ),
  ]
}

function standTwice<T>(pointer: string, list: readonly T[], idOf: (item: T) => string): FrameMistake[] {
  const ids = list.map(idOf)
  return ids.flatMap((id, at) =>
    ids.indexOf(id) === at ? [] : [{ pointer: `${pointer}/${at}`, rule: `${id} stands there twice` }],
  )
}

function mistakesOfBasis(basis: LawfulFrame['bases'][number], at: number): FrameMistake[] {
  const days = ['validFrom', 'validUntil', 'suspendedFrom'] as const
  const place = (name: string): string => `/bases/${at}/${name}`
  const noDays = days.filter((name) => basis[name] !== undefined && !isDay(basis[name]))
  const early = days.filter((name) => name !== 'validFrom' && (basis[name] ?? '9') < basis.validFrom)
  return [
    ...noDays.map((name) => ({ pointer: place(name), rule: 'is no day of the calendar' })),
    ...early.map((name) => ({ pointer: place(name), rule: 'is before validFrom' })),
  ]
}

function isDay(day: string): boolean {
  const at = Date.parse(`${day}T00:00:00Z`)
  return !Number.isNaN(at) && new Date(at).toISOString().slice(0, 10) === day
}

const FOLDER = fileURLToPath(new URL('../../jurisdictions/', import.meta.url))

/**
 * A country's own frame, as its file was read and checked, then those it also takes.
 * @throws CodedError `jurisdiction-invalid`, with the line.
 */
export function readFrames(own: LawfulFrame): LawfulFrame[] {
  const others = (own.alsoTakes ?? []).map((id) =>
    parseLawfulFrame(readFileSync(`${FOLDER}${id}.json`, 'utf8'), `jurisdictions/${id}.json`),
  )
  return [own, ...others]
}
