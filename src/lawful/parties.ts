import type { LawfulFrame } from '../calls/lawful-frame.ts'
import type { NumberPlan } from '../calls/numbers.ts'
import type { Customers } from '../customers/customers.ts'
import type { EntryDraft, JsonObject } from '../ledger/entry.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Clock, RandomBytes } from '../platform/clock.ts'
import { invariant } from '../platform/coded-error.ts'
import type { Db } from '../platform/database.ts'
import type { Jobs } from '../platform/jobs.ts'
import type { Log } from '../platform/log.ts'
import type { Notifications } from '../platform/notifications.ts'
import type { Sealer } from '../platform/sealer.ts'
import type { Words } from '../platform/words.ts'
import type { Circles } from '../staff/circle.ts'
import type { Duty } from '../staff/duty.ts'
import type { Passkeys } from '../staff/passkeys.ts'
import type { Vault } from '../vault/vault.ts'
import type { Case } from './request.ts'

/** Whom the desk for authorities works with. */
export interface LawfulParties {
  readonly db: Db
  readonly ledger: Ledger
  readonly vault: Vault
  readonly customers: Customers
  readonly staff: { readonly duty: Duty; readonly circle: Circles; readonly passkeys: Passkeys }
  readonly jobs: Jobs
  readonly notifications: Notifications
  readonly keys: {
    prfKey(purpose: string): Uint8Array
    signingKey(name: string): { readonly publicKey: Uint8Array; sign(bytes: Uint8Array): Uint8Array }
    readonly sealer: Sealer
  }
  readonly clock: Clock
  readonly random: RandomBytes
  readonly log: Log
  readonly plan: NumberPlan
  /** Minutes east of UTC. */
  readonly offsetMinutes: number
  /** Months for which records are kept. */
  readonly storeMonths: () => number
  /** The country's own frame first. */
  readonly frames: readonly LawfulFrame[]
  readonly operatorName: string
  readonly operatorWords: Words
  readonly publicUrl: string
}

/** A request with what it is called by. */
export interface Held {
  readonly id: string
  readonly serial: string
  readonly case: Case
}

/** Who acts, as an entry says it; `system` where nobody does. */
export interface By {
  readonly id: string
  readonly deskName: string
  readonly office: string
}

/** Whoever files through the machine interface: the regulator's own system. Its filings are filtered by people. */
export const REGULATOR_SYSTEM = { id: 'regulator-system', roles: ['regulator-officer'] } as const

/** The frame of a request. */
export function frameOf(room: Pick<LawfulParties, 'frames'>, id: string): LawfulFrame {
  const frame = room.frames.find((one) => one.id === id)
  invariant(frame, 'a request is filed only under a frame that is there')
  return frame
}

/** A fresh id: 24 hex digits, nothing to be guessed from. */
export function newId(random: RandomBytes): string {
  return Buffer.from(random(12)).toString('hex')
}

/**
 * An entry about a request. Its header is what the public report counts: the authority stands in `office`, the crime
 * in `category` (`unlisted` for any other word), our own number in `caseSerial`. No subject: under secrecy nothing
 * may lead from her to it.
 */
export function requestEntry(
  room: Pick<LawfulParties, 'frames'>,
  kind: string,
  held: Held,
  says: JsonObject,
  more: {
    outcome?: string
    counts?: Readonly<Record<string, number>>
    at: number
    actor?: string | null
    elapsed?: boolean
  },
): EntryDraft {
  const { filing, receivedAt } = held.case
  const listed = frameOf(room, filing.frame).categories.some(({ id }) => id === filing.category)
  return {
    kind,
    header: {
      office: filing.authority,
      category: listed ? filing.category : 'unlisted',
      caseSerial: held.serial,
      ...(more.outcome === undefined ? {} : { outcome: more.outcome }),
      ...(more.counts === undefined ? {} : { counts: more.counts }),
      ...(more.elapsed ? { elapsedHours: Math.round((more.at - receivedAt) / 3_600_000) } : {}),
    },
    body: { request: held.id, ...says },
    actor: more.actor ?? null,
  }
}
