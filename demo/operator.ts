import { type Jurisdiction, readJurisdiction } from '../src/calls/jurisdiction.ts'
import { createNumberPlan, type NumberPlan, type OperatorNumbers } from '../src/calls/numbers.ts'
import type { Words } from '../src/platform/words.ts'

/** The demo operator, as its pages and texts call it. */
export const OPERATOR_NAME: Words = { en: 'Ayeyar Mobile', my: 'ဧရာမိုဘိုင်း' }

/** Its ranges in the national plan. */
export const OPERATOR_NUMBERS: OperatorNumbers = {
  ownPrefixes: ['979'],
  premiumPrefixes: ['9255'],
  servicePrefixes: [],
}

/** The demo's jurisdiction and number plan. */
export function readDemoPlan(): { jurisdiction: Jurisdiction; plan: NumberPlan } {
  const jurisdiction = readJurisdiction(new URL('../jurisdictions/mm.json', import.meta.url))
  return { jurisdiction, plan: createNumberPlan(jurisdiction, OPERATOR_NUMBERS) }
}

/** Myanmar's time, minutes east of UTC, for the generator's own arithmetic. */
export const OFFSET_SECONDS = 390 * 60
