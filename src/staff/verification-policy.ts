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

/** One version, immutable; each contact stores the version it ran under. */
export interface VerificationPolicy {
  readonly version: number
  readonly rules: VerificationRules
  readonly reason: string
  /** Staff ids; two, except for the version a directory is born with. */
  readonly approvedBy: readonly string[]
  readonly effectiveFrom: number
}

/** What the operator had before the case: one clerk's tick stood for a photo ID in a shop. */
export const RULES_BEFORE_THE_CASE: VerificationRules = {
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
export const RULES_SINCE_THE_CASE: VerificationRules = {
  ...RULES_BEFORE_THE_CASE,
  photoId: { shopDevice: true, secondClerk: true, textFirst: true },
}
