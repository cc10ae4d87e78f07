import type { FastifyRequest } from 'fastify'
import { invariant } from '../platform/coded-error.ts'
import type {} from '../platform/http/access.ts'
import type { Words } from '../platform/words.ts'

/** The course that looking at call details asks for (47 CFR 64.2009(b)). */
export const CALL_DETAIL_COURSE = 'call-detail'

/** The eight roles; somebody may hold more than one, but see `policies/people.cedar` for what may not meet. */
export const ROLES = [
  'champion',
  'supervisor',
  'privacy-officer',
  'investigator',
  'counsel',
  'regulator-officer',
  'auditor',
  'administrator',
] as const
export type Role = (typeof ROLES)[number]

/** The offices of the operator, and the letter that desk names of each begin with. */
export const OFFICES = [
  { id: 'yangon', letter: 'Y', words: { en: 'Yangon', my: 'ရန်ကုန်' } },
  { id: 'mandalay', letter: 'M', words: { en: 'Mandalay', my: 'မန္တလေး' } },
  { id: 'naypyitaw', letter: 'N', words: { en: 'Naypyitaw', my: 'နေပြည်တော်' } },
] as const
export type OfficeId = (typeof OFFICES)[number]['id']

/** A role as a customer or a colleague reads it. */
export const ROLE_WORDS: Record<Role, Words> = {
  champion: { en: 'Customer champion', my: 'ဖောက်သည်ဝန်ဆောင်မှု ဝန်ထမ်း' },
  supervisor: { en: 'Supervisor', my: 'ကြီးကြပ်ရေးမှူး' },
  'privacy-officer': { en: 'Privacy officer', my: 'ကိုယ်ရေးအချက်အလက် ကာကွယ်ရေး အရာရှိ' },
  investigator: { en: 'Investigator', my: 'စုံစမ်းစစ်ဆေးရေး အရာရှိ' },
  counsel: { en: 'Counsel', my: 'ဥပဒေအရာရှိ' },
  'regulator-officer': { en: "Regulator's officer", my: 'ကြီးကြပ်ရေးအာဏာပိုင် အရာရှိ' },
  auditor: { en: 'Auditor', my: 'စာရင်းစစ်' },
  administrator: { en: 'Administrator', my: 'စီမံခန့်ခွဲသူ' },
}

/**
 * What is known about the person asking, as the policy sees it. Held in memory per session, never older than
 * a second; `onShift` is true on a planned shift and while a supervisor's approval for other hours runs;
 * `conductSigned`: the current code, within the last 365 days; `trained`: a valid course on call details.
 */
export interface StaffFacts {
  readonly id: string
  /** Stays the same for life and is what customers see: `M-17`. */
  readonly deskName: string
  readonly name: string
  readonly roles: readonly Role[]
  readonly office: OfficeId
  readonly team: string
  readonly status: 'active' | 'frozen' | 'dismissed'
  readonly onShift: boolean
  readonly conductSigned: boolean
  readonly trained: boolean
  readonly sessionId: string
  /** `shop` names the shop whose registered device this session runs on. */
  readonly device: { readonly shop: string | null }
}

/** The signed-in person of a request that passed the staff guard; a bug if the route has no staff rule. */
export function staffOf(request: FastifyRequest): StaffFacts {
  invariant(request.staff, 'a staff route runs only behind the staff guard')
  return request.staff as StaffFacts
}

/** Who makes a change: a signed-in person, or the machine's own operator at the command line. */
export type Actor = StaffFacts | System
export interface System {
  /** What runs: `command line`, `demo`. */
  readonly system: string
}

/** Tells the machine's operator from a signed-in person. */
export function isSystem(actor: Actor): actor is System {
  return 'system' in actor
}
