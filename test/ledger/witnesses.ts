import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { parseVerifierKey } from '../../src/ledger/note.ts'
import { openSeenStore } from '../../src/ledger/witness/seen-store.ts'
import { createWitness } from '../../src/ledger/witness/witness.ts'
import { openWitnessKey } from '../../src/ledger/witness/witness-key.ts'
import { serveWitness } from '../../src/ledger/witness/witness-server.ts'
import { createLog } from '../../src/platform/log.ts'
import type { openTestDatabase } from '../support/database.ts'

/** A real witness over HTTP, with a directory of its own. */
export async function startWitness(
  t: TestContext,
  name: string,
  logKeys: string | readonly string[],
  clock: { now(): number },
) {
  const dir = mkdtempSync(join(tmpdir(), 'witness-'))
  const store = openSeenStore(dir)
  const key = openWitnessKey(dir, `${name}.example/witness`)
  const witness = createWitness({ key, store, logs: [logKeys].flat().map(parseVerifierKey), clock })
  const quiet = createLog({ level: 'silent', clock })
  let server = await serveWitness(witness, { host: '127.0.0.1', port: 0, log: quiet })
  const { port } = server
  t.after(async () => {
    await server.close()
    store.close()
    rmSync(dir, { recursive: true, force: true })
  })
  return {
    chosen: { name, key: key.verifierKey, url: `http://127.0.0.1:${port}` },
    witness,
    stop: () => server.close(),
    restart: async () => {
      server = await serveWitness(witness, { host: '127.0.0.1', port, log: quiet })
    },
  }
}

/** The database as somebody restored it from an old copy: `size` entries, everything after is gone. */
export async function restoreOld(
  database: Awaited<ReturnType<typeof openTestDatabase>>,
  size: number,
): Promise<void> {
  const { pool } = database
  const { rows } = await pool.query<{ note: string }>('SELECT note FROM ledger.checkpoint WHERE size = $1', [
    size,
  ])
  const root = verifyCheckpointRoot(rows[0]!.note)
  await pool.query(`DELETE FROM ledger.entry WHERE index >= ${size}; DELETE FROM ledger.checkpoint WHERE size > ${size};
    DELETE FROM ledger.cosignature WHERE size > ${size};
    UPDATE ledger.tile SET hashes = substring(hashes FROM 1 FOR ${size} * 32) WHERE level = 0`)
  await pool.query('UPDATE ledger.head SET size = $1, root = $2, note = $3', [size, root, rows[0]!.note])
}

function verifyCheckpointRoot(note: string): Uint8Array {
  return Buffer.from(note.split('\n')[2]!, 'base64')
}
