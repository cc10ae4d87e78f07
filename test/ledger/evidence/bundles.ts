import { createHash, randomBytes } from 'node:crypto'
import {
  type EvidenceOrder,
  type EvidenceParties,
  makeEvidence,
} from '../../../src/ledger/evidence/make-bundle.ts'
import { verifyBundle } from '../../../src/ledger/evidence/verify-bundle.ts'
import { createLedger, type Ledger, type LedgerParties } from '../../../src/ledger/ledger.ts'
import { nodeSha256, nodeVerifyEd25519 } from '../../../src/ledger/node-crypto.ts'
import { encodeVerifierKey } from '../../../src/ledger/note.ts'
import type { OpenDatabase } from '../../../src/platform/database.ts'
import { reveal, SUBJECT, testParties } from '../parties.ts'

/** What a champion saw, as the desk keeps it. */
export const SHOWN = JSON.stringify([
  ['r1', '2026-08-14', '19:11', 'A', 'Premium', '••••123', '3 min', 1_500_000, 'premium number'],
])
export const REASON = 'police case 17/2026'

/** A log of seven entries, the fourth of which disclosed something, and a way to make bundles of it. */
export async function openEvidence(
  database: OpenDatabase,
  more: Partial<EvidenceParties> = {},
  trustOf: (verifierKey: string, parties: LedgerParties) => Promise<LedgerParties['trust']> = async () =>
    undefined,
) {
  const base: LedgerParties = testParties(database.pool)
  const trust = await trustOf(encodeVerifierKey(base.origin, base.keys.signingKey('ledger').publicKey), base)
  const parties: LedgerParties = { ...base, ...(trust === undefined ? {} : { trust }) }
  const ledger: Ledger = await createLedger(parties)
  for (let n = 0; n < 3; n += 1) await ledger.record(reveal(n))
  const salt = randomBytes(32)
  const rendering = createHash('sha256').update(salt).update(SHOWN).digest('hex')
  const id = await ledger.record({
    kind: 'disclosure',
    header: { office: 'mandalay', counts: { rows: 1 } },
    body: { of: 'rows', rendering },
    subject: SUBJECT,
    actor: 'M-17',
  })
  for (let n = 4; n < 7; n += 1) await ledger.record(reveal(n))
  const kept = new Map([[id, { salt, bytes: Buffer.from(SHOWN) }]])
  const evidence: EvidenceParties = {
    pool: database.pool,
    ledger,
    sealer: parties.keys.sealer,
    clock: parties.clock,
    openShown: async (wanted) => kept.get(wanted) ?? null,
    page: async () => '<!doctype html>',
    ...more,
  }
  const make = (order: Partial<EvidenceOrder> = {}) =>
    makeEvidence(evidence, { entries: [1, 3], reason: REASON, actor: 'i-1', ...order })
  return { parties, ledger, evidence, make, kept, id }
}

/** Those of the positions at which a flipped bit leaves a bundle that holds, or that does not without a name for it. */
export function unnoticedBytes(zip: Uint8Array, verifierKey: string, positions: readonly number[]): number[] {
  const crypto = { hash: nodeSha256, verify: nodeVerifyEd25519 }
  return positions.filter((at) => {
    const changed = zip.slice()
    changed[at]! ^= 1 << (at % 8)
    const report = verifyBundle(changed, { verifierKey, crypto })
    const faults = [...report.faults, ...report.entries.flatMap((entry) => entry.faults)]
    return report.holds || faults.length === 0
  })
}
