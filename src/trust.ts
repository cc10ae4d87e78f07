import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Type from 'typebox'
import { describeMistake, readPlacedJson } from './calls/json-place.ts'
import type { Instance } from './instance.ts'
import { parsePolicy, type TrustPolicy } from './ledger/trust-policy.ts'
import { DEFAULT_WITNESS_RULES, type WitnessRules } from './ledger/witnessing.ts'
import { CodedError } from './platform/coded-error.ts'

/** In the data directory: who countersigns the log (C2SP tlog-policy). */
export const POLICY_FILE = 'tlog-policy'
/** Beside it: what this operator does while they do not. */
const RULES_FILE = 'witness-rules.json'

const Minutes = Type.Integer({ minimum: 1, maximum: 10_080 })
const RulesFile = Type.Object(
  {
    alarmAfterMinutes: Type.Optional(Minutes),
    /** Null: never. */
    stopAfterMinutes: Type.Optional(Type.Union([Minutes, Type.Null()])),
    stopOnRefusal: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
)

/**
 * The policy of an instance's own log and its rules; undefined where it has none, and nobody countersigns.
 * @throws CodedError `config-invalid` with file and line
 */
export function readTrust(instance: Instance): { policy: TrustPolicy; rules: WitnessRules } | undefined {
  const path = join(instance.dataDirectory, POLICY_FILE)
  if (!existsSync(path)) return undefined
  return { policy: readPolicyFile(path), rules: readRules(join(instance.dataDirectory, RULES_FILE)) }
}

/** @throws CodedError `config-invalid` naming the file, the line and the rule. */
export function readPolicyFile(path: string): TrustPolicy {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFileSync(path))
  } catch (cause) {
    throw new CodedError('config-invalid', `${path} cannot be read as a text in UTF-8`, { cause })
  }
  try {
    return parsePolicy(text)
  } catch (cause) {
    if (!(cause instanceof CodedError)) throw cause
    throw new CodedError('config-invalid', `${path}: ${cause.message}`, { cause })
  }
}

function readRules(path: string): WitnessRules {
  if (!existsSync(path)) return DEFAULT_WITNESS_RULES
  const read = readPlacedJson(readFileSync(path, 'utf8'), RulesFile)
  if ('mistake' in read) throw new CodedError('config-invalid', describeMistake(path, read.mistake))
  return { ...DEFAULT_WITNESS_RULES, ...read.value } as WitnessRules
}
