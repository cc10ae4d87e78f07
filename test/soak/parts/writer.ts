/**
 * A server of the ledger as a process of its own, for others to kill: `node writer.ts URL KEYFILE`. Many clients append
 * at once, some through the intake; each index is told on standard output after the ledger has acknowledged it.
 */
import { createPrivateKey, createPublicKey, randomBytes, sign } from 'node:crypto'
import { readFileSync, writeSync } from 'node:fs'
import { commitWith } from '../../../src/ledger/commit.ts'
import { createLedger } from '../../../src/ledger/ledger.ts'
import { systemClock } from '../../../src/platform/clock.ts'
import { openDatabase } from '../../../src/platform/database.ts'
import { ORIGIN, reveal, testSealer } from '../../ledger/parties.ts'

const [url, keyFile] = process.argv.slice(2) as [string, string]
const { sealing, signing } = JSON.parse(readFileSync(keyFile, 'utf8')) as { sealing: string; signing: string }
const privateKey = createPrivateKey(signing)
const publicKey = createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).subarray(-32)
const signingKey = { publicKey, sign: (bytes: Uint8Array) => sign(null, bytes, privateKey) }
const database = openDatabase({ url, max: 20 })
const ledger = await createLedger({
  pool: database.pool,
  keys: { sealer: testSealer(Buffer.from(sealing, 'base64')), signingKey: () => signingKey },
  clock: systemClock,
  random: randomBytes,
  origin: ORIGIN,
})

async function client(number: number): Promise<void> {
  for (let n = number; ; n += 16) {
    const id =
      n % 5 > 0
        ? await ledger.record(reveal(n))
        : await commitWith(database.db, ledger, (_trx, append) => append(reveal(n)))
    // Written at once: what stands in a buffer when the process is killed was never said.
    writeSync(1, `${id} ${await ledger.indexOf(id)}\n`)
  }
}

const clients = Array.from({ length: 16 }, (_, i) => client(i))
Promise.all(clients).catch((error: { code?: string }) => {
  writeSync(2, `refused ${error.code ?? String(error)}\n`)
  process.exit(3)
})
