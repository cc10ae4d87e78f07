import { createCipheriv, createDecipheriv, hkdfSync, randomFillSync } from 'node:crypto'
import { blockBroken } from '../calls/block-bytes.ts'
import type { KeyService } from '../keys/key-service.ts'
import { monthName } from './calendar.ts'

const NONCE = 12
const TAG = 16

/** Where a block belongs: all of it is associated data. */
export interface BlockPlace {
  /** 16 bytes. */
  readonly subject: Buffer
  /** The stored tenure: '' while nobody is registered. */
  readonly tenure: string
  /** 202608. */
  readonly month: number
  readonly firstDay: number
  readonly lastDay: number
  readonly sequence: number
}

/** A block as it rests: nonce (12), ciphertext, tag (16). */
export interface SealedBlock extends BlockPlace {
  readonly sealed: Buffer
}

/** A block's tenure by the name that its tweak has: an unregistered number has a tweak of its own. */
export function tweakName(subject: Buffer, tenure: string): string {
  return tenure === '' ? `unregistered-${subject.toString('hex')}` : tenure
}

/**
 * The key of one subject's month under one tenure: HKDF-SHA-256 (RFC 5869) of the month key, salted with the
 * tenure's tweak. Neither alone gives it, so destroying either ends what it sealed.
 */
export function deriveBlockKey(monthKey: Buffer, tweak: Buffer, subject: Buffer, month: number): Buffer {
  return Buffer.from(
    hkdfSync('sha256', monthKey, tweak, `countersign block ${subject.toString('hex')} ${month}`, 32),
  )
}

/** The key of a block that exists; null when its month or its tenure was destroyed. */
export async function findBlockKey(keys: KeyService, place: BlockPlace): Promise<Buffer | null> {
  const monthKey = await keys.existingMonthKey(monthName(place.month))
  const tweak = await keys.existingTweak(tweakName(place.subject, place.tenure))
  if (monthKey === null || tweak === null) return null
  return deriveBlockKey(monthKey, tweak, place.subject, place.month)
}

/** Seals `plain` for `place`: AES-256-GCM with a random nonce; a key seals a few dozen blocks in its life. */
export function sealBlock(key: Buffer, place: BlockPlace, plain: Uint8Array): Buffer {
  const sealed = Buffer.allocUnsafe(NONCE + plain.length + TAG)
  takeNonce(sealed)
  const cipher = createCipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE))
  cipher.setAAD(associated(place))
  sealed.set(cipher.update(plain), NONCE)
  cipher.final()
  sealed.set(cipher.getAuthTag(), NONCE + plain.length)
  return sealed
}

/** The plain bytes. @throws CodedError `block-broken` when block and place are not the sealed ones. */
export function openBlock(key: Buffer, block: SealedBlock): Buffer {
  const { sealed } = block
  if (sealed.length < NONCE + TAG) throw blockBroken('it ends too early')
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE), { authTagLength: TAG })
  decipher.setAAD(associated(block))
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG))
  const plain = decipher.update(sealed.subarray(NONCE, sealed.length - TAG))
  try {
    decipher.final()
  } catch (cause) {
    throw blockBroken('it was changed, or moved from its place', cause)
  }
  return plain
}

function associated(place: BlockPlace): Buffer {
  const tenure = Buffer.from(place.tenure)
  const bytes = Buffer.allocUnsafe(1 + 16 + 4 + 4 + 4 + 8 + tenure.length)
  bytes.writeUInt8(1, 0)
  bytes.set(place.subject, 1)
  bytes.writeInt32BE(place.month, 17)
  bytes.writeInt32BE(place.firstDay, 21)
  bytes.writeInt32BE(place.lastDay, 25)
  bytes.writeBigUInt64BE(BigInt(place.sequence), 29)
  bytes.set(tenure, 37)
  return bytes
}

const nonces = Buffer.alloc(NONCE * 1024)
let nextNonce = nonces.length

/** Random bytes are drawn for many nonces at once: a call for each would cost as much as the sealing. */
function takeNonce(into: Buffer): void {
  if (nextNonce === nonces.length) {
    randomFillSync(nonces)
    nextNonce = 0
  }
  nonces.copy(into, 0, nextNonce, nextNonce + NONCE)
  nonces.fill(0, nextNonce, nextNonce + NONCE)
  nextNonce += NONCE
}
