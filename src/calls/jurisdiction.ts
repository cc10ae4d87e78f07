import { readFileSync } from 'node:fs'
import Type, { type Static } from 'typebox'
import { CodedError } from '../platform/coded-error.ts'
import { BreachSchema } from './breach-frame.ts'
import { describeMistake, readPlacedJson } from './json-place.ts'
import { checkFrame, LawfulFrameSchema } from './lawful-frame.ts'

const WordsSchema = Type.Object(
  { en: Type.String({ minLength: 1 }), my: Type.String({ minLength: 1 }) },
  { additionalProperties: false },
)
const Digits = Type.String({ pattern: '^[0-9]{1,8}$' })
const Range = Type.Object(
  { min: Type.Integer({ minimum: 1, maximum: 15 }), max: Type.Integer({ minimum: 1, maximum: 15 }) },
  { additionalProperties: false },
)
const Months = Type.Integer({ minimum: 1, maximum: 1200 })
const Source = Type.String({ minLength: 1, maxLength: 400 })

const JurisdictionSchema = Type.Object(
  {
    country: Type.String({ pattern: '^[A-Z]{2}$' }),
    name: WordsSchema,
    offsetMinutes: Type.Integer({ minimum: -720, maximum: 840 }),
    currency: Type.Object(
      {
        code: Type.String({ pattern: '^[A-Z]{3}$' }),
        label: WordsSchema,
        fractionDigits: Type.Integer({ minimum: 0, maximum: 3 }),
        source: Source,
      },
      { additionalProperties: false },
    ),
    retention: Type.Object(
      {
        careBillPeriods: Months,
        careBillPeriodsWithSupervisor: Months,
        storeMonths: Months,
        cellMonths: Months,
        registerYears: Months,
        source: Source,
      },
      { additionalProperties: false },
    ),
    numberPlan: Type.Object(
      {
        callingCode: Type.String({ pattern: '^[1-9][0-9]{0,2}$' }),
        trunkPrefix: Type.String({ pattern: '^[0-9]{0,2}$' }),
        mobilePrefix: Digits,
        mobileDigits: Range,
        areaCodes: Type.Array(Digits, { maxItems: 500 }),
        tollFreePrefixes: Type.Array(Digits, { maxItems: 50 }),
        emergencyCodes: Type.Array(Digits, { maxItems: 50 }),
        shortCodeDigits: Range,
        source: Source,
      },
      { additionalProperties: false },
    ),
    lawful: LawfulFrameSchema,
    breach: BreachSchema,
  },
  { additionalProperties: false },
)

/**
 * What differs by country, with its source beside it: local time as minutes east of UTC (no country served so
 * far has a summer time), currency, how long what is kept, and the national number plan.
 */
export type Jurisdiction = Static<typeof JurisdictionSchema>

/**
 * Reads `jurisdictions/<country>.json`.
 * @throws CodedError `jurisdiction-unreadable` when the file cannot be read, `jurisdiction-invalid` with file,
 * line, place and rule of the first mistake.
 */
export function readJurisdiction(path: string | URL): Jurisdiction {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    throw new CodedError('jurisdiction-unreadable', `cannot read the jurisdiction file ${String(path)}`, {
      cause,
    })
  }
  return parseJurisdiction(text, String(path))
}

/** As {@link readJurisdiction}, from text; `file` is used in messages only. */
export function parseJurisdiction(text: string, file: string): Jurisdiction {
  const read = readPlacedJson(text, JurisdictionSchema)
  if ('value' in read) {
    checkFrame(read.value.lawful, { text, file })
    return read.value
  }
  throw new CodedError('jurisdiction-invalid', describeMistake(file, read.mistake))
}
