import { commitWith } from '../ledger/commit.ts'
import { type Refusal, refuse } from '../platform/refusal.ts'
import type { Policy } from './policy.ts'
import type { StaffParties } from './room.ts'
import { actorIdOf, bySaying } from './say.ts'
import {
  insertDevice,
  insertLink,
  listDevices,
  readDeviceShop,
  readLink,
  revokeDevice,
  spendLink,
} from './session-store.ts'
import { hashOf } from './sessions.ts'
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
  /** The device opens no new session as the shop's; sessions under way end at their next sign-in. */
  revoke(by: Actor, id: string): Promise<null | Refusal>
  list(): Promise<Device[]>
  /** The shop of a device's token; null for none, an unknown or a revoked one. */
  shopOf(token: string | null): Promise<string | null>
}

const LINK_MS = 24 * 3_600_000

/** The use cases over these parties. */
export function createDevices(parties: StaffParties & { policy: Policy }): Devices {
  const { db, ledger, clock, random } = parties
  const may = (by: Actor): Refusal | null =>
    isSystem(by)
      ? null
      : parties.policy.decide({
          staff: by,
          action: 'register-device',
          resource: { type: 'Desk', id: 'people' },
        })
  return {
    async issueLink(by, shop) {
      const no = may(by)
      if (no !== null) return no
      const token = Buffer.from(random(32)).toString('base64url')
      const now = clock.now()
      return commitWith(db, ledger, async (trx, append) => {
        const link = { token_hash: hashOf(token), kind: 'device' as const, staff_id: null, shop }
        await insertLink(
          trx,
          { ...link, issued_by: actorIdOf(by), expires_at: now + LINK_MS, used_at: null },
          now,
        )
        await append({
          kind: 'device-link-issued',
          header: null,
          body: { shop, by: bySaying(by) },
          actor: actorIdOf(by),
        })
        return {
          link: `${new URL(parties.publicUrl).origin}/shop-device#${token}`,
          expiresAt: now + LINK_MS,
        }
      })
    },
    register: (linkToken) =>
      commitWith<{ token: string; shop: string } | Refusal>(db, ledger, async (trx, append) => {
        const now = clock.now()
        const link = await readLink(trx, hashOf(linkToken), 'device', now)
        if (link === null || link.shop === null || !(await spendLink(trx, link.token_hash, now)))
          return refuse(
            'link-spent',
            'This link has been used or has run out.',
            'Ask an administrator for a new one.',
          )
        const token = Buffer.from(random(32)).toString('base64url')
        const id = Buffer.from(random(16)).toString('hex')
        const device = { id, token_hash: hashOf(token), shop: link.shop }
        await insertDevice(trx, { ...device, registered_at: now, revoked_at: null })
        await append({
          kind: 'device-registered',
          header: null,
          body: { device: id, shop: link.shop, issuedBy: link.issued_by },
          actor: link.issued_by,
        })
        return { token, shop: link.shop }
      }),
    revoke: (by, id) =>
      commitWith<null | Refusal>(db, ledger, async (trx, append) => {
        const no = may(by)
        if (no !== null) return no
        const shop = await revokeDevice(trx, id, clock.now())
        if (shop === null)
          return refuse('device-not-found', 'There is no such device, or it was revoked.', 'Reload the page.')
        await append({
          kind: 'device-revoked',
          header: null,
          body: { device: id, shop, by: bySaying(by) },
          actor: actorIdOf(by),
        })
        return null
      }),
    list: async () =>
      (await listDevices(db)).map((row) => ({
        id: row.id,
        shop: row.shop,
        registeredAt: row.registered_at,
        revoked: row.revoked_at !== null,
      })),
    shopOf: async (token) => (token === null ? null : readDeviceShop(db, hashOf(token))),
  }
}
