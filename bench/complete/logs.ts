import { createHmac, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSealer } from '../../src/keys/sealer.ts'
import type { EntryDraft } from '../../src/ledger/entry.ts'
import { createLedger, type Ledger, type SigningKey } from '../../src/ledger/ledger.ts'
import { encodeVerifierKey, parseVerifierKey } from '../../src/ledger/note.ts'
import { createEpochs, type Epochs } from '../../src/ledger/subjects/epochs.ts'
import { encodePolicy, parsePolicy } from '../../src/ledger/trust-policy.ts'
import { openSeenStore } from '../../src/ledger/witness/seen-store.ts'
import { createWitness } from '../../src/ledger/witness/witness.ts'
import { openWitnessKey } from '../../src/ledger/witness/witness-key.ts'
import { serveWitness } from '../../src/ledger/witness/witness-server.ts'
import { DEFAULT_WITNESS_RULES } from '../../src/ledger/witnessing.ts'
import { systemClock } from '../../src/platform/clock.ts'
import type { OpenDatabase } from '../../src/platform/database.ts'
import { createLog } from '../../src/platform/log.ts'

/** Both logs, as an operator has them, with two witnesses on the loopback address. */
export interface Logs {
  readonly ledger: Ledger
  readonly epochs: Epochs
  /** Brings the ledger to the witnesses, so that an epoch may cover it. */
  sign(): Promise<void>
  close(): Promise<void>
}

const ORIGINS = { ledger: 'bench.example/log', epochs: 'bench.example/subjects' }

/** A subject by its place; its number is its own. */
export function subjectOf(n: number): string {
  return n.toString(16).padStart(32, '0')
}

/** The number of a subject, E.164. */
export function numberOf(subject: string): string {
  return `+9597${Number.parseInt(subject, 16).toString().padStart(8, '0')}`
}

/** Opens them on an empty database. */
export async function openLogs({ pool }: OpenDatabase): Promise<Logs> {
  const root = randomBytes(32)
  const signing = { ledger: newKey(), epochs: newKey() }
  const keys = {
    sealer: createSealer(() => root),
    signingKey: (name: string) => (name === 'epochs' ? signing.epochs : signing.ledger),
    prfKey: (purpose: string) => createHmac('sha256', root).update(purpose).digest(),
  }
  const logKey = encodeVerifierKey(ORIGINS.ledger, signing.ledger.publicKey)
  const logKeys = [logKey, encodeVerifierKey(ORIGINS.epochs, signing.epochs.publicKey)]
  const witnesses = await Promise.all(['regulator', 'consumers'].map((name) => startWitness(name, logKeys)))
  const policy = parsePolicy(
    encodePolicy(
      { key: logKey, url: 'http://127.0.0.1/log/' },
      witnesses.map(({ chosen }) => chosen),
    ),
  )
  const base = { pool, keys, clock: systemClock }
  const ledger = await createLedger({
    ...base,
    ...{ random: randomBytes, origin: ORIGINS.ledger, sweepSeconds: 0 },
    trust: { policy, rules: DEFAULT_WITNESS_RULES },
  })
  const epochs = await createEpochs({
    ...{ ...base, ledger, origin: ORIGINS.epochs },
    holders: async (subject) => [{ number: numberOf(subject), tenure: 't1' }],
  })
  return {
    ledger,
    epochs,
    sign: () => ledger.witnessing.round(),
    async close() {
      await epochs.close()
      await ledger.close()
      for (const { stop } of witnesses) await stop()
    },
  }
}

async function startWitness(name: string, logKeys: readonly string[]) {
  const dir = mkdtempSync(join(tmpdir(), 'bench-witness-'))
  const store = openSeenStore(dir)
  const key = openWitnessKey(dir, `${name}.example/witness`)
  const witness = createWitness({ key, store, logs: logKeys.map(parseVerifierKey), clock: systemClock })
  const log = createLog({ level: 'silent', clock: systemClock })
  const server = await serveWitness(witness, { host: '127.0.0.1', port: 0, log })
  return {
    chosen: { name, key: key.verifierKey, url: `http://127.0.0.1:${server.port}` },
    async stop() {
      await server.close()
      store.close()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

function newKey(): SigningKey {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  return {
    publicKey: publicKey.export({ format: 'der', type: 'spki' }).subarray(-32),
    sign: (bytes: Uint8Array) => sign(null, bytes, privateKey),
  }
}

/** A look as the care desk writes it: the reveal, and what it showed. */
export function lookAt(subject: string, grant: string): EntryDraft[] {
  const base = {
    ...{ grant, tenure: 't1', contact: 'c1', staff: 's17', deskName: 'M-17', office: 'mandalay' },
    ...{ channel: 'call', confirmedByTelephony: true, purpose: 'bill-clarification', month: '2026-08' },
  }
  const fields = ['start', 'charge'] as const
  const rows = Array.from({ length: 50 }, (_, i) => ({
    ...{ day: '2026-08-14', minute: `19:${String(i).padStart(2, '0')}`, chargeMilli: 250_000 },
  }))
  const about = { header: { office: 'mandalay' }, subject, actor: 's17' }
  return [
    {
      ...{ ...about, kind: 'reveal', body: { ...base, what: 'rows', page: 1, fields: [...fields] } },
      opening: { subject, tenure: 't1', from: 1_790_000_000, until: 1_792_592_000, fields },
    },
    {
      ...{ ...about, kind: 'disclosure' },
      body: {
        ...base,
        of: 'rows',
        reveal: 'r1',
        fields: [...fields],
        rowsShownInLook: 50,
        rowsTotal: 311,
        rows,
      },
    },
  ]
}
