import type { RulesPreview } from './rules-preview.ts'

/** How callers are verified (47 CFR 64.2010; `docs/policies.md`). Numbers carry their unit. */
export interface VerificationRules {
  readonly photoId: {
    /** Only on a session that runs on a registered device of a shop. */
    readonly shopDevice: boolean
    /** A second clerk of the same shop says so from a session of their own. */
    readonly secondClerk: boolean
    /** The customer's text goes out before the first row, not after. */
    readonly textFirst: boolean
  }
  readonly code: {
    readonly liveMinutes: number
    readonly tries: number
    readonly lockMinutes: number
    readonly sendsPerContact: number
    readonly secondsBetweenSends: number
    /** A text to a SIM younger than this counts for nothing. */
    readonly simChangeDays: number
  }
  readonly secret: { readonly tries: number; readonly lockMinutes: number; readonly ageHours: number }
  readonly callBackMinutes: number
  readonly addressAgeDays: number
  readonly firstPinWaitHours: number
  readonly idleMinutes: number
  readonly grant: { readonly minutes: number; readonly rowsPerPage: number }
}

/** How much a desk may look at before somebody asks why. Counts. */
export interface LookLimits {
  /** Masked looks a person, and a team, may begin in an hour. */
  readonly looksAnHour: number
  readonly looksAnHourOfTeam: number
  /** Rows shown in full in one look. */
  readonly unmasksALook: number
  /** Numbers asked about by blind match. */
  readonly matchesAContact: number
  readonly matchesASubscriber: number
  readonly matchDays: number
  readonly matchesADay: number
  readonly missesAContact: number
}

/** How long records are open and kept. `null`: as `jurisdictions/` says. */
export interface RetentionRules {
  /** Bill periods, this one included, that the care desk may look at. */
  readonly careBillPeriods: number | null
  /** Whole months before the current one that are kept at all. */
  readonly storeMonths: number | null
}

/**
 * All that a version says: how callers are verified, how much a desk may look at, how long records are kept, and what
 * is withheld from a role though `policies/` would permit it (`champion/unmask-row`). A version never permits more than
 * `policies/` does.
 */
export interface HouseRules extends VerificationRules {
  readonly limits: LookLimits
  readonly retention: RetentionRules
  readonly withheld: readonly string[]
}

/** One version, immutable; each contact stores the version it ran under. */
export interface VerificationPolicy {
  readonly version: number
  readonly rules: HouseRules
  readonly reason: string
  /** Staff id; null for the version a directory is born with. */
  readonly proposedBy: string | null
  /** Staff ids; two, except for the version a directory is born with. */
  readonly approvedBy: readonly string[]
  readonly effectiveFrom: number
  /** What its approvers were shown; null for the version a directory is born with, and from before previews. */
  readonly preview: RulesPreview | null
}

/** What held before a version could say otherwise, and holds where one says nothing. */
const WIDER_RULES: Pick<HouseRules, 'limits' | 'retention' | 'withheld'> = {
  limits: {
    looksAnHour: 20,
    looksAnHourOfTeam: 200,
    unmasksALook: 10,
    matchesAContact: 5,
    matchesASubscriber: 10,
    matchDays: 30,
    matchesADay: 40,
    missesAContact: 3,
  },
  retention: { careBillPeriods: null, storeMonths: null },
  withheld: [],
}

/** What the operator had before the case: one clerk's tick stood for a photo ID in a shop. */
export const RULES_BEFORE_THE_CASE: HouseRules = {
  ...WIDER_RULES,
  photoId: { shopDevice: false, secondClerk: false, textFirst: false },
  code: {
    liveMinutes: 5,
    tries: 3,
    lockMinutes: 30,
    sendsPerContact: 3,
    secondsBetweenSends: 60,
    simChangeDays: 7,
  },
  secret: { tries: 3, lockMinutes: 30, ageHours: 24 },
  callBackMinutes: 10,
  addressAgeDays: 30,
  firstPinWaitHours: 72,
  idleMinutes: 10,
  grant: { minutes: 30, rowsPerPage: 50 },
}

/** What it has since: the shop's device, a second clerk, and a text first. What a real directory starts with. */
export const RULES_SINCE_THE_CASE: HouseRules = {
  ...RULES_BEFORE_THE_CASE,
  photoId: { shopDevice: true, secondClerk: true, textFirst: true },
}

/** The rules of a stored version: what versions did not yet speak of is as it was then. */
export function completeRules(stored: VerificationRules & Partial<HouseRules>): HouseRules {
  return { ...WIDER_RULES, ...stored }
}

/** A rule's place and value: `photoId.secondClerk`, `withheld.champion/unmask-row`. */
export type RuleValue = number | boolean | null

/** The rules as a flat list, as pages and entries compare two versions. */
export function listRules(rules: HouseRules): Map<string, RuleValue> {
  const flat = new Map<string, RuleValue>()
  for (const [name, value] of Object.entries(rules) as [string, unknown][]) {
    if (Array.isArray(value)) for (const one of value) flat.set(`${name}.${one}`, true)
    else if (typeof value === 'object' && value !== null)
      for (const [inner, v] of Object.entries(value)) flat.set(`${name}.${inner}`, v as RuleValue)
    else flat.set(name, value as RuleValue)
  }
  return flat
}

export interface RuleChange {
  readonly rule: string
  readonly before: RuleValue
  readonly after: RuleValue
}

/** What differs between two versions, in the order of the rules. */
export function changedRules(before: HouseRules, after: HouseRules): RuleChange[] {
  const [old, next] = [listRules(before), listRules(after)]
  const absent = (rule: string): RuleValue => (rule.startsWith('withheld.') ? false : null)
  return [...new Set([...old.keys(), ...next.keys()])]
    .map((rule) => ({
      rule,
      before: old.get(rule) ?? absent(rule),
      after: next.get(rule) ?? absent(rule),
    }))
    .filter(({ before, after }) => before !== after)
}
