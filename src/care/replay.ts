import { isRefusal, type Refusal } from '../platform/refusal.ts'
import type { ContactAttributes, Policy } from '../staff/policy.ts'
import type { StaffFacts } from '../staff/staff.ts'
import type { HouseRules } from '../staff/verification-policy.ts'
import {
  decideGrant,
  decideMatch,
  decideUnmask,
  grantOpens,
  type LookRequest,
  type MatchCounts,
} from './grant-rules.ts'
import { monthsBack } from './period.ts'
import { type Passed, photoIdAlone, photoIdBlock, rungOf } from './rules.ts'

/**
 * Decides past contacts again under a version of the rules: the desk's own rules, over the facts as they were. Pure, so
 * that the same past under the same rules always comes out the same.
 */

/** What was done, as the desk names it. */
export type Act = 'open-contact' | 'verify-contact' | 'get-grant' | 'reveal' | 'match-number' | 'unmask-row'

export interface PastContact {
  readonly openedAt: number
  readonly staff: string
  readonly deskName: string
  readonly office: string
  readonly team: string
  readonly attributes: ContactAttributes
  /** The shop whose registered device the session ran on. */
  readonly shop: string | null
  readonly passed: readonly Passed[]
  readonly brokenGlass: boolean
  readonly looks: readonly PastLook[]
  readonly matches: readonly PastMatch[]
}

export interface PastLook {
  readonly grantedAt: number
  readonly month: string
  readonly facts: Pick<LookRequest, 'looksThisHour' | 'earlierLooks'>
  readonly opened: boolean
  /** When something of it was shown. */
  readonly reveals: readonly number[]
  /** Rows shown in full. */
  readonly unmasked: number
}

export interface PastMatch {
  readonly at: number
  readonly counts: Omit<MatchCounts, 'ofSubscriber'>
  /** When this subscriber had been asked about before, over all staff. */
  readonly earlier: readonly number[]
}

/** Something that was refused, with what its reason was decided on where that can be found again. */
export interface PastRefusal {
  readonly at: number
  readonly staff: string
  readonly deskName: string
  readonly office: string
  readonly team: string
  readonly code: string
  readonly says: string
  /** The action asked for; null from before that was kept. */
  readonly asked: string | null
  readonly looksThisHour: LookRequest['looksThisHour']
  /** The contact that this person had open at that moment; null when there was none. */
  readonly match: PastMatch | null
  readonly look: { readonly grantedAt: number; readonly unmasked: number; readonly timedOut: boolean } | null
}

/** What deciding takes beside the rules. */
export interface Replayer {
  readonly rules: HouseRules
  /** The Cedar policies with what these rules withhold. */
  readonly policy: Policy
  /** The roles that somebody holds today: who held what at the time is not replayed. */
  rolesOf(staff: string): StaffFacts['roles']
  /** Bill periods that the jurisdiction opens, where the rules say nothing. */
  readonly billPeriods: number
  readonly offsetMinutes: number
}

/** One decision made again. `untold`: it hangs on this rule at this value, and what it needs was not kept. */
export interface Decision {
  readonly act: Act
  readonly at: number
  readonly refusal: Refusal | null
  readonly untold: string | null
  /** A look that opened something. */
  readonly look: boolean
}

/**
 * Every decision of a contact, in order; two versions give lists of the same length over the same acts. What could not
 * have happened any more is refused for the reason of what it rested on.
 */
export function replayContact(contact: PastContact, by: Replayer): Decision[] {
  const decisions: Decision[] = []
  const decide = (act: Act, at: number, refusal: Refusal | null, more: Partial<Decision> = {}): boolean => {
    decisions.push({ act, at, refusal, untold: null, look: false, ...more })
    return refusal === null
  }
  const asked = (action: string): Refusal | null => askPolicy(contact, by, action)
  const opening = contact.brokenGlass ? 'break-glass' : 'open-contact'
  const shut = asked(opening)
  decide('open-contact', contact.openedAt, shut)
  const stands: Passed[] = []
  for (const passed of contact.passed) {
    const found = passedAgain(contact, passed, by)
    const refusal = shut ?? asked('verify-contact') ?? found.refusal
    if (decide('verify-contact', passed.at, refusal, { untold: refusal === null ? found.untold : null }))
      stands.push(passed)
  }
  const rung = rungOf(stands)
  for (const look of contact.looks) {
    const granted = shut ?? asked('get-grant') ?? grantAgain(contact, look, rung, by)
    decide('get-grant', look.grantedAt, granted, { look: look.opened })
    const endsAt = look.grantedAt + by.rules.grant.minutes * 60_000
    const { staff: staffId, brokenGlass } = contact
    const facts = { staffId, state: 'active', endsAt, rung, brokenGlass } as const
    for (const at of look.reveals) decide('reveal', at, granted ?? grantOpens(facts, 'bill', staffId, at))
    for (let shown = 0; shown < look.unmasked; shown++)
      decide(
        'unmask-row',
        look.grantedAt,
        granted ?? asked('unmask-row') ?? decideUnmask(shown, by.rules.limits),
      )
  }
  for (const match of contact.matches)
    decide('match-number', match.at, shut ?? asked('match-number') ?? matchAgain(match, by.rules))
  return decisions
}

/**
 * What a version says where another one refused: the refusal, null when it would have been allowed, undefined when these
 * rules do not decide it or what it hung on is not known any more.
 */
export function replayRefusal(past: PastRefusal, by: Replayer): Refusal | null | undefined {
  const { look, match } = past
  switch (past.code) {
    case 'not-on-shop-device': {
      const visit = { ...past, shop: null, attributes: { channel: 'shop', circle: 'none' } } as const
      return askPolicy(visit, by, 'open-contact')
    }
    case 'shop-device-needed':
      return photoIdBlock(by.rules, { shop: null })
    case 'second-clerk-needed':
      return photoIdAlone(by.rules, { second: false })
    case 'looks-too-many': {
      const asked = { rung: 'person', brokenGlass: false, monthOffered: true, running: false } as const
      const { looksThisHour } = past
      const again = decideGrant({ ...asked, looksThisHour, earlierLooks: 0, approved: true }, by.rules.limits)
      return isRefusal(again) ? again : null
    }
    case 'supervisor-called':
    case 'matches-used-up':
    case 'matches-of-number-used-up':
    case 'matches-of-person-used-up':
      return match === null ? undefined : matchAgain(match, by.rules)
    case 'unmasks-used-up':
      return look === null ? undefined : decideUnmask(look.unmasked, by.rules.limits)
    case 'grant-ended': {
      if (!look?.timedOut) return undefined
      const endsAt = look.grantedAt + by.rules.grant.minutes * 60_000
      const { staff: staffId, at } = past
      const facts = { staffId, state: 'active', endsAt, rung: 'person', brokenGlass: false } as const
      return grantOpens(facts, 'bill', staffId, at)
    }
    case 'role-withheld': {
      const visit = { ...past, shop: null, attributes: { channel: 'call', circle: 'none' } } as const
      return past.asked === null ? undefined : askPolicy(visit, by, past.asked)
    }
    default:
      return undefined
  }
}

function matchAgain({ at, counts, earlier }: PastMatch, { limits }: HouseRules): Refusal | null {
  const since = at - limits.matchDays * 86_400_000
  return decideMatch({ ...counts, ofSubscriber: earlier.filter((then) => then > since).length }, limits)
}

/** What the policy says of this person and this customer, on shift, trained and signed as they were. */
export function askPolicy(
  contact: Pick<PastContact, 'staff' | 'deskName' | 'office' | 'team' | 'attributes' | 'shop'>,
  by: Pick<Replayer, 'policy' | 'rules' | 'rolesOf'>,
  action: string,
): Refusal | null {
  const roles = by.rolesOf(contact.staff)
  const staff: StaffFacts = {
    id: contact.staff,
    deskName: contact.deskName,
    name: contact.deskName,
    roles,
    office: contact.office as StaffFacts['office'],
    team: contact.team,
    status: 'active',
    onShift: true,
    conductSigned: true,
    trained: true,
    sessionId: 'past',
    device: { shop: contact.shop },
  }
  const attributes = {
    ...contact.attributes,
    holder: action === 'open-contact' ? null : contact.staff,
    needsShopDevice: by.rules.photoId.shopDevice,
  }
  return by.policy.decide({ staff, action, resource: { type: 'Contact', id: 'past', attributes } })
}

/** Whether what proved the caller would prove her again. */
function passedAgain(
  contact: PastContact,
  passed: Passed,
  { rules }: Replayer,
): { refusal: Refusal | null; untold: string | null } {
  const minutes = passed.startedAt === undefined ? null : (passed.at - passed.startedAt) / 60_000
  const within = (name: string, most: number) =>
    minutes === null
      ? { refusal: null, untold: `${name} ${most}` }
      : { refusal: minutes < most ? null : tooLate(), untold: null }
  const tried = (most: number): Refusal | null => (passed.tries > most ? tooOften() : null)
  switch (passed.factor) {
    case 'photo-id': {
      const alone = photoIdBlock(rules, contact) ?? photoIdAlone(rules, { second: passed.second ?? false })
      const untold = passed.second === undefined ? `photoId.secondClerk ${rules.photoId.secondClerk}` : null
      return untold === null ? { refusal: alone, untold } : { refusal: photoIdBlock(rules, contact), untold }
    }
    case 'sms-code': {
      const timely = within('code.liveMinutes', rules.code.liveMinutes)
      return { ...timely, refusal: tried(rules.code.tries) ?? timely.refusal }
    }
    case 'pin':
    case 'passphrase':
      return { refusal: tried(rules.secret.tries), untold: null }
    case 'call-back':
      return within('callBackMinutes', rules.callBackMinutes)
    default:
      return { refusal: null, untold: null }
  }
}

/** What a look that waited for a second person counts as: nobody refused it. */
function grantAgain(
  contact: PastContact,
  look: PastLook,
  rung: LookRequest['rung'],
  { rules, billPeriods, offsetMinutes }: Replayer,
): Refusal | null {
  const months = monthsBack(look.grantedAt, rules.retention.careBillPeriods ?? billPeriods, offsetMinutes)
  const asked = {
    ...look.facts,
    rung,
    brokenGlass: contact.brokenGlass,
    monthOffered: months.includes(look.month),
    running: false,
    approved: true,
  }
  const decision = decideGrant(asked, rules.limits)
  return isRefusal(decision) ? decision : null
}

function tooLate(): Refusal {
  return {
    refused: true,
    code: 'factor-expired',
    says: 'What was asked for had run out.',
    next: 'It would have been started again.',
  }
}

function tooOften(): Refusal {
  return {
    refused: true,
    code: 'factor-locked',
    says: 'The try that passed would have come after the lock.',
    next: 'Another way would have been used.',
  }
}
