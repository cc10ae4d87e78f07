import type { Refusal } from '../platform/refusal.ts'
import type { PreviewReason, PreviewRules, RulesPreview } from '../staff/rules-preview.ts'
import { listPeople } from '../staff/store.ts'
import { changedRules } from '../staff/verification-policy.ts'
import type { CareRoom } from './parties.ts'
import { type Decision, type PastRefusal, type Replayer, replayContact, replayRefusal } from './replay.ts'
import { readPastContacts, readPastRefusals } from './replay-store.ts'

/** What a change of the rules would have done to the last 30 days: the same past, decided under both versions. */

const WINDOW_MS = 30 * 86_400_000
const MOST_CONTACTS = 50_000
const MOST_PEOPLE = 20_000
const CASES_SHOWN = 20

/** Changed rules that past contacts can tell about; of withheld actions, those that the replay asks. */
const REPLAYED =
  /^(photoId\.(shopDevice|secondClerk)|code\.(liveMinutes|tries)|secret\.tries|callBackMinutes|grant\.minutes|limits\..*|retention\..*|withheld\.[a-z-]+\/(open-contact|verify-contact|get-grant|match-number|unmask-row|break-glass))$/

/** Refusals whose facts are not kept, and the rules that they hang on. */
const HANGS_ON: readonly { codes: RegExp; rules: RegExp }[] = [
  { codes: /^factor-expired$|^code-expired$/, rules: /^code\.liveMinutes$|^callBackMinutes$/ },
  { codes: /^month-not-offered$/, rules: /^retention\.careBillPeriods$/ },
  { codes: /^contact-over$/, rules: /^idleMinutes$/ },
  { codes: /^pin-too-new$/, rules: /^secret\.ageHours$/ },
  { codes: /^pin-(locked|wrong)$/, rules: /^secret\.(tries|lockMinutes)$/ },
  { codes: /^code-(locked|wrong)$/, rules: /^code\.(tries|lockMinutes)$/ },
  { codes: /^code-sent-/, rules: /^code\.(sendsPerContact|secondsBetweenSends)$/ },
  { codes: /^sim-changed-lately$/, rules: /^code\.simChangeDays$/ },
  { codes: /^address-too-new$/, rules: /^addressAgeDays$/ },
  { codes: /^grant-ended$/, rules: /^grant\.minutes$/ },
  { codes: /^supervisor-called$|^matches-/, rules: /^limits\.(match|misses)/ },
  { codes: /^unmasks-used-up$/, rules: /^limits\.unmasksALook$/ },
  { codes: /^looks-too-many$/, rules: /^limits\.looks/ },
]

/** A decision that came out otherwise. */
interface Turned {
  readonly at: number
  readonly deskName: string
  readonly office: string
  readonly act: string
  readonly effect: 'refuse' | 'allow'
  readonly refusal: Refusal
}

/** Replays the window before now under both versions. Reads, and changes nothing. */
export async function previewRules(
  room: CareRoom,
  { before, against, after }: Parameters<PreviewRules>[0],
): Promise<RulesPreview> {
  const until = room.clock.now()
  const window = { from: until - WINDOW_MS, until, most: MOST_CONTACTS }
  const changes = changedRules(before, after).map(({ rule }) => rule)
  const people = new Map((await listPeople(room.db, { limit: MOST_PEOPLE })).map((one) => [one.id, one]))
  const [old, next] = [before, after].map(
    (rules): Replayer => ({
      rules,
      policy: room.staff.verification.policyUnder(rules),
      rolesOf: (staff) => rolesAtCare(people.get(staff)?.roles ?? []),
      billPeriods: room.billPeriods,
      offsetMinutes: room.offsetMinutes,
    }),
  ) as [Replayer, Replayer]
  const nameOf = (staff: string) => {
    const { desk_name: deskName = '?', office = '?' } = people.get(staff) ?? {}
    return { deskName, office }
  }
  const contacts = await readPastContacts(room.db, window, room.offsetMinutes)
  const refusals = await readPastRefusals(room.db, window, room.offsetMinutes, nameOf)
  const of = contacts.map((contact) => ({
    contact,
    pairs: pair(replayContact(contact, old), replayContact(contact, next)),
  }))
  const pairs = of.flatMap((one) => one.pairs)
  const again = refusals.map((refusal) => turnRefusal(refusal, old, next, changes))
  const turned = [
    ...of.flatMap(({ contact, pairs: own }) => own.flatMap((one) => turn(contact, one))),
    ...again.flatMap((one) => (typeof one === 'object' && one !== null ? [one] : [])),
  ].sort((a, b) => b.at - a.at)
  return {
    from: window.from,
    until,
    against,
    decisions: pairs.length + again.filter((one) => one !== null).length,
    wouldRefuse: turned.filter(({ effect }) => effect === 'refuse').length,
    wouldAllow: turned.filter(({ effect }) => effect === 'allow').length,
    looksRefused: pairs.filter(([a, b]) => a.look && a.refusal === null && b.refusal !== null).length,
    cannotTell:
      pairs.filter(([a, b]) => a.untold !== b.untold).length + again.filter((one) => one === 'untold').length,
    reasons: reasonsOf(turned),
    cases: turned.slice(0, CASES_SHOWN).map(({ refusal, ...one }) => ({ ...one, code: refusal.code })),
    notReplayed: changes.filter((rule) => !REPLAYED.test(rule)),
    monthsEnding: [...((await room.monthsEnding?.(after.retention.storeMonths)) ?? [])],
    cut: contacts.length === MOST_CONTACTS || refusals.length === MOST_CONTACTS,
  }
}

/** Whoever took a contact had a role for it, also where it has been taken away since. */
function rolesAtCare<R extends string>(roles: readonly R[]): readonly R[] {
  return roles.some((role) => role === 'champion' || role === 'supervisor') ? roles : ['champion' as R]
}

function pair(old: readonly Decision[], next: readonly Decision[]): [Decision, Decision][] {
  return old.map((decision, at) => [decision, next[at] as Decision])
}

function turn(
  { deskName, office }: { deskName: string; office: string },
  [old, next]: [Decision, Decision],
): Turned[] {
  const { at, act } = old
  if (old.refusal === null && next.refusal !== null)
    return [{ at, deskName, office, act, effect: 'refuse', refusal: next.refusal }]
  if (old.refusal !== null && next.refusal === null)
    return [{ at, deskName, office, act, effect: 'allow', refusal: old.refusal }]
  return []
}

/**
 * A refusal decided again. It counts only where the rules in force, over the facts as they can be found again, refuse it
 * for the reason on record: then the other version's answer means something. `null`: not of these rules.
 */
function turnRefusal(
  past: PastRefusal,
  old: Replayer,
  next: Replayer,
  changes: readonly string[],
): Turned | 'as-before' | 'untold' | null {
  const before = replayRefusal(past, old)
  const hangs = HANGS_ON.some(
    ({ codes, rules }) => codes.test(past.code) && changes.some((rule) => rules.test(rule)),
  )
  if (before?.code !== past.code) return hangs ? 'untold' : null
  if (replayRefusal(past, next) !== null) return 'as-before'
  const { at, deskName, office, asked } = past
  return { at, deskName, office, act: asked ?? 'unknown', effect: 'allow', refusal: before }
}

function reasonsOf(turned: readonly Turned[]): PreviewReason[] {
  const groups = Map.groupBy(turned, ({ effect, act, refusal }) => `${effect} ${act} ${refusal.code}`)
  return [...groups.values()]
    .map((group) => {
      const { effect, act, refusal } = group[0] as Turned
      return { effect, act, code: refusal.code, says: refusal.says, count: group.length }
    })
    .sort((a, b) => b.count - a.count)
}
