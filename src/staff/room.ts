import type { E164 } from '../calls/call-record.ts'
import type { KeyService } from '../keys/key-service.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Clock, RandomBytes } from '../platform/clock.ts'
import type { Db } from '../platform/database.ts'
import type { StaffGuard } from '../platform/http/access.ts'
import type { App } from '../platform/http/app.ts'
import type { Notifications } from '../platform/notifications.ts'
import { createPolicy } from './cedar-policy.ts'
import { type Circles, createCircles } from './circle.ts'
import { type Conduct, createConduct } from './conduct.ts'
import { createDevices, type Devices } from './devices.ts'
import { createDoorMarks, type DoorMarks } from './door-marks.ts'
import { createDuty, type Duty } from './duty.ts'
import { createEmployment, type Employment } from './employment.ts'
import { createStaffGuard } from './guard.ts'
import { createPasskeys, type Passkeys } from './passkeys.ts'
import { createPeople, type People } from './people.ts'
import type { Policy } from './policy.ts'
import { POLICIES, type PolicySource, readPolicySource } from './policy-source.ts'
import { createPolicyVersions } from './policy-versions.ts'
import { createRoles, type Roles } from './roles.ts'
import { addStaffRoutes } from './routes.ts'
import { createSessions, type Sessions } from './sessions.ts'
import { createVerification, type VerificationPolicies } from './verification.ts'
import { withholding } from './withhold.ts'
import { createWork, type Work } from './work.ts'

export interface StaffParties {
  readonly db: Db
  readonly ledger: Ledger
  readonly notifications: Notifications
  readonly clock: Clock
  readonly random: RandomBytes
  readonly keys: Pick<KeyService, 'prfKey' | 'sealer'>
  /** Reads a number as people write it; null when it is none. */
  readonly parseNumber: (text: string) => E164 | null
  /** Where browsers find us. Passkeys hold for its host, which must be a name, not an IP address. */
  readonly publicUrl: string
  readonly operatorName: string
  /** Whether the one-click sign-ins exist: only in a directory born as demo. */
  readonly demo: boolean
  /** Who may sign in with a passkey, by desk name: all, unless staff sign in by the operator's own directory. */
  readonly passkeyDesks?: readonly string[] | null
  /** Directory of the Cedar policies; the repository's own unless given. */
  readonly policies?: string
}

/** What other rooms have of this one. */
export interface StaffRoom {
  /** What the room stands on, for rooms that act on people in transactions of their own. */
  readonly parties: StaffParties
  readonly policy: Policy
  readonly policySource: PolicySource
  readonly duty: Duty
  readonly circle: Circles
  readonly verification: VerificationPolicies
  readonly people: People
  readonly roles: Roles
  readonly work: Work
  readonly conduct: Conduct
  readonly sessions: Sessions
  readonly doors: DoorMarks
  readonly passkeys: Passkeys
  readonly devices: Devices
  readonly employment: Employment
  /** For `app.setGuards({ staff: room.guard })`. */
  readonly guard: StaffGuard
  /** Adds the room's routes and its problems table. */
  addRoutes(app: App): void
  close(): void
}

/**
 * The staff room. Reads and validates the policies first.
 * @throws CodedError `policy-unreadable`, `policy-invalid` or `policy-incomplete`, with file and line.
 */
export function createStaffRoom(parties: StaffParties): StaffRoom {
  const policySource = readPolicySource(parties.policies ?? POLICIES)
  const versions = createPolicyVersions(parties)
  const cedar = createPolicy(policySource)
  const policy = withholding(cedar, () => versions.latest().rules.withheld)
  const sessions = createSessions(parties)
  const doors = createDoorMarks(parties.keys)
  const all = { ...parties, cedar, policy, sessions, versions, doors }
  const room: StaffRoom = {
    parties,
    policy,
    policySource,
    sessions,
    doors,
    duty: createDuty(parties),
    circle: createCircles(all),
    verification: createVerification(all),
    people: createPeople(all),
    roles: createRoles(all),
    work: createWork(all),
    conduct: createConduct(all),
    passkeys: createPasskeys(all),
    devices: createDevices(all),
    employment: createEmployment(all),
    guard: createStaffGuard(all),
    addRoutes: (app) => addStaffRoutes(app, room, parties),
    close: () => sessions.close(),
  }
  return room
}
