import { createCipheriv, createHash, randomBytes } from 'node:crypto'
import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

/**
 * What this machine could do at most: the bounds that the rate of `bench ingest` stands below. Memory, AES and SHA-256 are of
 * one core and of its processor time; the disk is by the clock.
 */
const { values } = parseArgs({
  options: { megabytes: { type: 'string', default: '256' }, json: { type: 'boolean', default: false } },
})
const megabytes = Number(values.megabytes)
if (!Number.isInteger(megabytes) || megabytes < 16) {
  console.error('usage: npm run bench -- bounds [--json] [--megabytes N]   (N at least 16)')
  process.exit(2)
}
const MEGABYTE = 1024 * 1024
/** What a month of one log takes, sealed. */
const BLOCK_BYTES = 3_400

console.log(
  JSON.stringify({
    bench: 'bounds',
    megabytes,
    copyMb: perSecond(copyMemory),
    aesMb: perSecond(() => seal(MEGABYTE)),
    aesBlocksMb: perSecond(() => seal(BLOCK_BYTES)),
    sha256Mb: perSecond(digest),
    diskMb: writeDurably(),
    unit: 'MB/s',
  }),
)

/** Megabytes in a second of the processor. */
function perSecond(work: () => void): number {
  const begun = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(begun)
  return Math.round((megabytes * 1_000_000) / (user + system))
}

/** From one place to another, both larger than any cache. */
function copyMemory(): void {
  const size = Math.min(megabytes, 128) * MEGABYTE
  const [from, to] = [Buffer.alloc(size, 1), Buffer.alloc(size, 2)]
  for (let done = 0; done < megabytes * MEGABYTE; done += size) from.copy(to)
}

/** AES-256-GCM in pieces, a key and a nonce each, as blocks are sealed. */
function seal(piece: number): void {
  const plain = randomBytes(piece)
  const [key, nonce] = [randomBytes(32), randomBytes(12)]
  for (let done = 0; done < megabytes * MEGABYTE; done += piece) {
    const cipher = createCipheriv('aes-256-gcm', key, nonce)
    cipher.update(plain)
    cipher.final()
    cipher.getAuthTag()
  }
}

function digest(): void {
  const hash = createHash('sha256')
  const piece = Buffer.alloc(MEGABYTE, 1)
  for (let done = 0; done < megabytes; done++) hash.update(piece)
  hash.digest()
}

/** Megabytes a second onto the disk, fsync at the end of each sixteen. */
function writeDurably(): number {
  const dir = mkdtempSync(join(process.env.COUNTERSIGN_TMP ?? tmpdir(), 'countersign-bench-'))
  const file = openSync(join(dir, 'written'), 'w')
  const piece = randomBytes(16 * MEGABYTE)
  const begun = performance.now()
  for (let done = 0; done < megabytes; done += 16) {
    writeSync(file, piece)
    fsyncSync(file)
  }
  const seconds = (performance.now() - begun) / 1000
  closeSync(file)
  rmSync(dir, { recursive: true })
  return Math.round(megabytes / seconds)
}
