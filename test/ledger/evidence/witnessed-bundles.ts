import type { TestContext } from 'node:test'
import type { EvidenceParties } from '../../../src/ledger/evidence/make-bundle.ts'
import { encodePolicy, parsePolicy } from '../../../src/ledger/trust-policy.ts'
import { DEFAULT_WITNESS_RULES } from '../../../src/ledger/witnessing.ts'
import { openTestDatabase } from '../../support/database.ts'
import { startWitness } from '../witnesses.ts'
import { openEvidence } from './bundles.ts'

/**
 * Bundles of a log that two real witnesses have cosigned: one under the log's own policy, one under a policy that
 * knows only the first of them, and one in which the first one's cosignature was changed in the tables.
 */
export async function openWitnessedBundles(t: TestContext, more: Partial<EvidenceParties> = {}) {
  const database = await openTestDatabase(t)
  let ofOne = ''
  const { evidence, ledger, make } = await openEvidence(database, more, async (verifierKey, { clock }) => {
    const chosen = await Promise.all(
      ['w0', 'w1'].map(async (name) => (await startWitness(t, name, verifierKey, clock)).chosen),
    )
    const log = { key: verifierKey, url: 'http://localhost/log' }
    ofOne = encodePolicy(log, chosen.slice(0, 1))
    return { policy: parsePolicy(encodePolicy(log, chosen)), rules: DEFAULT_WITNESS_RULES }
  })
  t.after(() => ledger.close())
  await ledger.witnessing.round()
  const whole = (await make()).zip
  Object.assign(evidence, { policy: ofOne })
  const strange = (await make()).zip
  Object.assign(evidence, { policy: null })
  const { rows } = await database.pool.query<{ line: string }>(
    "SELECT line FROM ledger.cosignature WHERE key LIKE 'w0.example%' ORDER BY size DESC LIMIT 1",
  )
  const [dash, name, signature] = rows[0]!.line.trimEnd().split(' ') as [string, string, string]
  const bytes = Buffer.from(signature, 'base64')
  bytes[40]! ^= 1
  await database.pool.query("UPDATE ledger.cosignature SET line = $1 WHERE key LIKE 'w0.example%'", [
    `${dash} ${name} ${bytes.toString('base64')}\n`,
  ])
  const broken = (await make()).zip
  return { whole, strange, broken, verifierKey: ledger.verifierKey }
}
