import type { KeyService } from '../keys/key-service.ts'
import { commitWith } from '../ledger/commit.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { RandomBytes } from '../platform/clock.ts'
import { invariant } from '../platform/coded-error.ts'
import type { Db } from '../platform/database.ts'
import { isRefusal } from '../platform/refusal.ts'
import { type Subject, subjectOf } from '../vault/subject.ts'
import type { Vault } from '../vault/vault.ts'
import { openProfile, profileOf, sealProfile } from './profile.ts'
import type { Secrets } from './secrets.ts'
import {
  insertSubscribers,
  readEarlierEnds,
  recycledAtOf,
  type SecretRow,
  type SubscriberWithSecret,
} from './store.ts'
import type { Registration, Subscriber } from './subscriber.ts'

export interface RegisterParties {
  readonly db: Db
  readonly ledger: Ledger
  readonly vault: Pick<Vault, 'setTenures'>
  readonly keys: Pick<KeyService, 'sealer'>
  readonly random: RandomBytes
}

/** See `Customers.register`. */
export async function register(
  parties: RegisterParties,
  secrets: Secrets,
  pseudonymKey: Buffer,
  list: readonly Registration[],
): Promise<Subscriber[]> {
  const { db, ledger, vault, keys, random } = parties
  const rows = list.map((one) => {
    const id = Buffer.from(random(16)).toString('hex')
    return {
      id,
      subject: subjectOf(pseudonymKey, one.number) as string,
      tenure: id,
      tenure_from: one.tenureFrom ?? Math.floor(one.registeredOn / 1000),
      tenure_until: one.tenureUntil ?? null,
      profile: sealProfile(keys.sealer, id, profileOf(one)),
    }
  })
  const hashed = (await Promise.all(list.map((one, i) => hashOf(secrets, one, rows[i]!.id)))).filter(
    (row): row is SecretRow => row !== null,
  )
  await commitWith(db, ledger, async (trx, append) => {
    await insertSubscribers(trx, rows, hashed)
    await vault.setTenures(
      trx,
      rows.map((row) => ({
        subject: row.subject as Subject,
        tenure: row.tenure,
        from: row.tenure_from,
        until: row.tenure_until,
      })),
    )
    await append({ kind: 'subscribers-registered', header: null, body: { count: rows.length } })
  })
  const ends = await readEarlierEnds(db, [...new Set(rows.map((row) => row.subject))])
  const secretOf = new Map(hashed.map((row) => [row.subscriber_id, row]))
  return rows.map((row) =>
    subscriberOf(keys, {
      row,
      secret: secretOf.get(row.id) ?? null,
      recycledAt: recycledAtOf(row, ends),
    }),
  )
}

async function hashOf(secrets: Secrets, one: Registration, id: string): Promise<SecretRow | null> {
  if (one.secret == null) return null
  const hashed = await secrets.prepare(one.secret.kind, one.secret.secret, { digits: one.number, names: [] })
  invariant(!isRefusal(hashed), 'a secret set at registration is not one that is tried first')
  return {
    ...hashed,
    subscriber_id: id,
    set_at: one.secret.setAt,
    wrong_in_all: 0,
    needs_shop_reset: false,
  }
}

/** A subscriber from its row and secret. */
export function subscriberOf(keys: Pick<KeyService, 'sealer'>, found: SubscriberWithSecret): Subscriber {
  const { row, secret } = found
  const profile = openProfile(keys.sealer, row.id, row.profile)
  return {
    id: row.id,
    subject: row.subject as Subject,
    number: profile.number,
    tenure: row.tenure,
    tenureFrom: row.tenure_from,
    tenureUntil: row.tenure_until,
    name: profile.name,
    language: profile.language,
    registeredOn: profile.registeredOn,
    simChangedAt: profile.simChangedAt,
    forwarded: profile.forwarded,
    recycledAt: found.recycledAt,
    addressOfRecord: profile.address && { kind: profile.address.kind, since: profile.address.since },
    secondNumber: profile.second && { since: profile.second.since },
    protection: { shopOnly: profile.shopOnly, safeMode: profile.safeMode },
    secret: secret && { kind: secret.kind, setAt: secret.set_at, needsShopReset: secret.needs_shop_reset },
    region: profile.region,
  }
}
