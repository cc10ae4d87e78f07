import { commitWith } from '../ledger/commit.ts'
import { type Refusal, refuse } from '../platform/refusal.ts'
import type { DoorMarks } from './door-marks.ts'
import type { Policy } from './policy.ts'
import { refusals } from './problems.ts'
import type { StaffParties } from './room.ts'
import { actorIdOf, bySaying } from './say.ts'
import {
  insertDevice,
  insertLink,
  listDevices,
  readDevice,
  readLink,
  revokeDevice,
  spendLink,
} from './session-store.ts'
import { hashOf, type Sessions } from './sessions.ts'
import { type Actor, isSystem } from './staff.ts'

export interface Device {
  readonly id: string
  readonly shop: string
  readonly registeredAt: number
  readonly revoked: boolean
}

/** Devices of shops: a browser that carries a registered token. Sessions that start on it are the shop's. */
export interface Devices {
  /** A link to open once, within 24 hours, in the browser of the shop's device. */
  issueLink(by: Actor, shop: string): Promise<{ link: string; expiresAt: number } | Refusal>
  /** @returns the token for the device's cookie. */
  register(linkToken: string): Promise<{ token: string; shop: string } | Refusal>
  /** Takes a device back and ends every session of its shop: which browser a session runs on is not recorded. */
  revoke(by: Actor, id: string): Promise<null | Refusal>
  list(): Promise<Device[]>
  /** The shop of a device's token; null for none, an unknown or a revoked one. */
  shopOf(token: string | null): Promise<string | null>
}

const LINK_MS = 24 * 3_600_000

type Parties = StaffParties & { policy: Policy; sessions: Sessions; doors: DoorMarks }

/** The use cases over these parties. */
export function createDevices(parties: Parties): Devices {
  const { db } = parties
  return {
    issueLink: (by, shop) => issueLink(parties, by, shop),
    register: (linkToken) => register(parties, linkToken),
    revoke: (by, id) => revoke(parties, by, id),
    list: async () =>
      (await listDevices(db)).map((row) => ({
        id: row.id,
        shop: row.shop,
        registeredAt: row.registered_at,
        revoked: row.revoked_at !== null,
      })),
    async shopOf(token) {
      const device = token === null ? null : await readDevice(db, hashOf(token))
      return device !== null && parties.doors.isOurs('device', device) ? device.shop : null
    },
  }
}

function may(parties: Parties, by: Actor): Refusal | null {
  if (isSystem(by)) return null
  const resource = { type: 'Desk', id: 'people' } as const
  return parties.policy.decide({ staff: by, action: 'register-device', resource })
}

async function issueLink(
  parties: Parties,
  by: Actor,
  shop: string,
): Promise<{ link: string; expiresAt: number } | Refusal> {
  const no = may(parties, by)
  if (no !== null) return no
  const token = Buffer.from(parties.random(32)).toString('base64url')
  const now = parties.clock.now()
  const link = {
    ...{ token_hash: hashOf(token), kind: 'device' as const, staff_id: null, shop },
    ...{ issued_by: actorIdOf(by), expires_at: now + LINK_MS, used_at: null },
  }
  return commitWith(parties.db, parties.ledger, async (trx, append) => {
    await insertLink(trx, { ...link, mark: parties.doors.ofLink(link) }, now)
    await append({
      kind: 'device-link-issued',
      header: null,
      body: { shop, by: bySaying(by) },
      actor: actorIdOf(by),
    })
    return { link: `${new URL(parties.publicUrl).origin}/shop-device#${token}`, expiresAt: now + LINK_MS }
  })
}

function register(parties: Parties, linkToken: string): Promise<{ token: string; shop: string } | Refusal> {
  const now = parties.clock.now()
  return commitWith<{ token: string; shop: string } | Refusal>(
    parties.db,
    parties.ledger,
    async (trx, append) => {
      const link = await readLink(trx, hashOf(linkToken), 'device', now)
      if (link === null || !parties.doors.isOurs('link', link)) return refusals.linkSpent()
      if (link.shop === null || !(await spendLink(trx, link.token_hash, now))) return refusals.linkSpent()
      const token = Buffer.from(parties.random(32)).toString('base64url')
      const id = Buffer.from(parties.random(16)).toString('hex')
      const device = {
        ...{ id, token_hash: hashOf(token), shop: link.shop, registered_at: now, revoked_at: null },
      }
      await insertDevice(trx, { ...device, mark: parties.doors.ofDevice(device) })
      await append({
        kind: 'device-registered',
        header: null,
        body: { device: id, shop: link.shop, issuedBy: link.issued_by },
        actor: link.issued_by,
      })
      return { token, shop: link.shop }
    },
  )
}

function revoke(parties: Parties, by: Actor, id: string): Promise<null | Refusal> {
  return commitWith<null | Refusal>(parties.db, parties.ledger, async (trx, append) => {
    const no = may(parties, by)
    if (no !== null) return no
    const shop = await revokeDevice(trx, id, parties.clock.now())
    if (shop === null)
      return refuse('device-not-found', 'There is no such device, or it was revoked.', 'Reload the page.')
    const sessionsEnded = await parties.sessions.endAllAt(trx, shop)
    await append({
      kind: 'device-revoked',
      header: null,
      body: { device: id, shop, sessionsEnded, by: bySaying(by) },
      actor: actorIdOf(by),
    })
    return null
  })
}
