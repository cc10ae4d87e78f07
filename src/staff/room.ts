import type { StaffGuard } from '../platform/http/access.ts'
import type { App } from '../platform/http/app.ts'
import type { Circles } from './circle.ts'
import type { Duty } from './duty.ts'
import type { Policy } from './policy.ts'
import type { VerificationPolicies } from './verification-policy.ts'

/** What other rooms have of this one. */
export interface StaffRoom {
  readonly policy: Policy
  readonly duty: Duty
  readonly circle: Circles
  readonly verification: VerificationPolicies
  /** For `app.setGuards({ staff: room.guard })`. */
  readonly guard: StaffGuard
  addRoutes(app: App): void
  close(): Promise<void>
}
