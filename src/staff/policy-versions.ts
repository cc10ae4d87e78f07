import type { Clock } from '../platform/clock.ts'
import type { Db, Trx } from '../platform/database.ts'
import type { RulesPreview } from './rules-preview.ts'
import { completeRules, RULES_SINCE_THE_CASE, type VerificationPolicy } from './verification-policy.ts'
import { listVerificationPolicies } from './verification-store.ts'

/** The versions of the rules, as desks read them: kept in memory, at most a second old. */
export interface PolicyVersions {
  /** The version in force at `at` (ms; default now). Where none was installed, version 0: the rules since the case. */
  current(at?: number): Promise<VerificationPolicy>
  /** @returns null for a version that never was. */
  version(version: number): Promise<VerificationPolicy | null>
  list(): Promise<VerificationPolicy[]>
  /** The version in force as last read, without waiting; whoever lets a request in has read it within a second. */
  latest(): VerificationPolicy
  /** Reads anew at the next question. */
  forget(): void
}

/** Version 0: what holds until a version is installed. */
const BORN_WITH: VerificationPolicy = {
  version: 0,
  rules: RULES_SINCE_THE_CASE,
  reason: 'What every directory is born with.',
  proposedBy: null,
  approvedBy: [],
  effectiveFrom: 0,
  preview: null,
}
const FRESH_MS = 1_000
/** From this age on they are read anew beside their use, so that no request waits for it. */
const RENEW_MS = 750

/** The versions of this database. */
export function createPolicyVersions({ db, clock }: { db: Db; clock: Clock }): PolicyVersions {
  let known: { at: number; versions: Promise<VerificationPolicy[]> } | null = null
  let renewing = false
  let latest = BORN_WITH
  const forget = (): void => {
    known = null
  }
  const read = (): Promise<VerificationPolicy[]> => {
    const versions = readPolicyVersions(db)
    versions.then((read) => {
      latest = inForceAt(read, clock.now())
    }, forget)
    return versions
  }
  const renew = async (at: number): Promise<void> => {
    const before = known
    renewing = true
    const versions = read()
    await versions.catch(() => {})
    renewing = false
    if (known !== null && known === before) known = { at, versions }
  }
  const list = (): Promise<VerificationPolicy[]> => {
    const now = clock.now()
    if (known === null || now < known.at || now - known.at >= FRESH_MS) known = { at: now, versions: read() }
    else if (now - known.at >= RENEW_MS && !renewing) void renew(now)
    return known.versions
  }
  return {
    list,
    forget,
    latest: () => latest,
    current: async (at = clock.now()) => inForceAt(await list(), at),
    version: async (version) =>
      version === 0 ? BORN_WITH : ((await list()).find((policy) => policy.version === version) ?? null),
  }
}

/** The version that was in force at `at`. */
export function inForceAt(versions: readonly VerificationPolicy[], at: number): VerificationPolicy {
  return versions.findLast(({ effectiveFrom }) => effectiveFrom <= at) ?? BORN_WITH
}

/** Every version there is, oldest first. */
export async function readPolicyVersions(db: Db | Trx): Promise<VerificationPolicy[]> {
  return (await listVerificationPolicies(db)).map((row) => ({
    version: row.version,
    rules: completeRules(row.rules as Parameters<typeof completeRules>[0]),
    reason: row.reason,
    proposedBy: row.proposed_by,
    approvedBy: row.approved_by,
    effectiveFrom: row.effective_from,
    preview: row.preview as RulesPreview | null,
  }))
}
