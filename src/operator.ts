import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Type, { type Static } from 'typebox'
import { OPERATOR_NAME, OPERATOR_NUMBERS } from '../demo/operator.ts'
import { readDemoTariffs } from '../demo/tariffs.ts'
import { describeMistake, readPlacedJson } from './calls/json-place.ts'
import { type Jurisdiction, readJurisdiction } from './calls/jurisdiction.ts'
import { createNumberPlan, type NumberPlan } from './calls/numbers.ts'
import { readTariffs, type TariffTable } from './calls/tariffs.ts'
import type { Instance } from './instance.ts'
import { CodedError } from './platform/coded-error.ts'
import type { Config } from './platform/config.ts'
import type { Words } from './platform/words.ts'

const Prefixes = Type.Array(Type.String({ pattern: '^[1-9][0-9]{0,7}$' }), { maxItems: 200 })
const WordsSchema = Type.Object(
  { en: Type.String({ minLength: 1, maxLength: 80 }), my: Type.String({ minLength: 1, maxLength: 80 }) },
  { additionalProperties: false },
)
const OperatorFile = Type.Object(
  {
    name: WordsSchema,
    /** National prefixes without the leading 0. */
    ownPrefixes: Prefixes,
    premiumPrefixes: Type.Optional(Prefixes),
    servicePrefixes: Type.Optional(Prefixes),
    /** Tariff categories as the files of records name them. */
    categories: Type.Optional(Type.Record(Type.String(), WordsSchema)),
  },
  { additionalProperties: false },
)

/** What an operator brings: its name, its number ranges, what its tariff categories are called, its country's rules. */
export interface Operator {
  readonly name: Words
  readonly plan: NumberPlan
  readonly categories: Readonly<Record<string, Words>>
  readonly jurisdiction: Jurisdiction
  /** What records that say no charge cost; null: bills are counts only. */
  readonly tariffs: TariffTable | null
}

/** The rules of the country that an instance is under. @throws CodedError `jurisdiction-unreadable` with the line. */
export function readJurisdictionOf(config: Pick<Config, 'jurisdiction'>): Jurisdiction {
  return readJurisdiction(
    fileURLToPath(new URL(`../jurisdictions/${config.jurisdiction}.json`, import.meta.url)),
  )
}

/**
 * The operator of an instance. The demo brings its own; a real one says it in `operator.json` in its data
 * directory, and without that file its own numbers are not told from others'. What its records cost, where they do
 * not say, stands in `tariffs.json` beside it.
 * @throws CodedError `jurisdiction-unreadable`, `config-invalid` with file and line.
 */
export function readOperator(instance: Instance, config: Config): Operator {
  const jurisdiction = readJurisdictionOf(config)
  if (instance.born === 'demo') {
    const categories = Object.fromEntries(readDemoTariffs().categories.map(({ id, label }) => [id, label]))
    return {
      name: OPERATOR_NAME,
      plan: createNumberPlan(jurisdiction, OPERATOR_NUMBERS),
      categories,
      jurisdiction,
      tariffs: null,
    }
  }
  const file = readOperatorFile(join(instance.dataDirectory, 'operator.json'))
  const plan = createNumberPlan(jurisdiction, {
    ownPrefixes: file?.ownPrefixes ?? [],
    premiumPrefixes: file?.premiumPrefixes ?? [],
    servicePrefixes: file?.servicePrefixes ?? [],
  })
  const name = file?.name ?? { en: config.operatorName, my: config.operatorName }
  return { name, plan, categories: file?.categories ?? {}, jurisdiction, tariffs: findTariffs(instance) }
}

function findTariffs({ dataDirectory }: Instance): TariffTable | null {
  const path = join(dataDirectory, 'tariffs.json')
  return existsSync(path) ? readTariffs(path) : null
}

function readOperatorFile(path: string): Static<typeof OperatorFile> | null {
  if (!existsSync(path)) return null
  const read = readPlacedJson(readFileSync(path, 'utf8'), OperatorFile)
  if ('value' in read) return read.value
  throw new CodedError('config-invalid', describeMistake(path, read.mistake))
}
