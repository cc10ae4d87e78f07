import { mulAddUnsafe, normalizeZ } from '@noble/curves/abstract/curve.js'
import { ed25519 } from '@noble/curves/ed25519.js'
import { sha512 } from '@noble/hashes/sha2.js'
import { CodedError } from '../../platform/coded-error.ts'

/**
 * ECVRF-EDWARDS25519-SHA512-TAI (RFC 9381, suite 3): a hash that only the holder of the key can compute and anybody
 * can check, and of which there is exactly one for each input. Runs in browsers.
 */

export type VrfFault = 'vrf-proof-malformed' | 'vrf-proof-wrong' | 'vrf-key-malformed'

export const VRF_PROOF_BYTES = 80
export const VRF_KEY_BYTES = 32

const { Point } = ed25519
type Point = InstanceType<typeof Point>
const { Fn } = Point
const SUITE = 3
const CHALLENGE_BYTES = 16
/** One in 2^128 inputs needs more; each try fails for about half. */
const MOST_TRIES = 256

/** A secret key: 32 bytes of Ed25519's seed, and what is worked out of it once. */
export interface VrfKey {
  /** 32 bytes. */
  readonly publicKey: Uint8Array
  readonly scalar: bigint
  /** The second half of the seed's hash: what nonces are made of. */
  readonly prefix: Uint8Array
}

/** The key of a 32-byte seed (RFC 8032, 5.1.5). */
export function vrfKeyOf(seed: Uint8Array): VrfKey {
  const { scalar, prefix, pointBytes } = ed25519.utils.getExtendedPublicKey(seed)
  return { publicKey: pointBytes, scalar, prefix }
}

/** The proof for `alpha`, 80 bytes (5.1). The same input always gives the same one. */
export function proveVrf(key: VrfKey, alpha: Uint8Array): Uint8Array {
  const h = encodeToCurve(key.publicKey, alpha)
  const hBytes = h.toBytes()
  const gamma = h.multiply(Fn.create(key.scalar))
  const nonce = Fn.create(numberOf(sha512(concat(key.prefix, hBytes))))
  const c = challengeOf([
    key.publicKey,
    hBytes,
    gamma.toBytes(),
    Point.BASE.multiply(nonce).toBytes(),
    h.multiply(nonce).toBytes(),
  ])
  const s = Fn.create(nonce + c * key.scalar)
  return concat(gamma.toBytes(), bytesOf(c, CHALLENGE_BYTES), bytesOf(s, 32))
}

/**
 * The 64 bytes that `proof` proves to be the output for `alpha` (5.3, with the key validated).
 * @throws CodedError `vrf-key-malformed`, `vrf-proof-malformed`, `vrf-proof-wrong`
 */
export function verifyVrf(publicKey: Uint8Array, alpha: Uint8Array, proof: Uint8Array): Uint8Array {
  const y = pointOf(publicKey, 'vrf-key-malformed')
  // A key of small order would let its holder prove any output.
  if (y.isSmallOrder()) throw new CodedError<VrfFault>('vrf-key-malformed', 'the key is of small order')
  const { gamma, c, s } = parseProof(proof)
  const h = encodeToCurve(publicKey, alpha)
  // Taken away, not added with its negative: c is half as long.
  const u = multiplyBoth([Point.BASE, s], [y.negate(), c])
  const v = multiplyBoth([h, s], [gamma.negate(), c])
  const [hBytes, ...both] = normalizeZ(Point, [h, u, v]).map((point) => point.toBytes())
  const expected = challengeOf([publicKey, hBytes!, proof.subarray(0, 32), ...both])
  if (expected !== c) throw new CodedError<VrfFault>('vrf-proof-wrong', 'the proof is not for this input')
  return outputOf(gamma)
}

/** The 64 bytes of output that a proof leads to, unchecked (5.2). @throws CodedError `vrf-proof-malformed` */
export function outputOfProof(proof: Uint8Array): Uint8Array {
  return outputOf(parseProof(proof).gamma)
}

function outputOf(gamma: Point): Uint8Array {
  return sha512(concat(new Uint8Array([SUITE, 3]), gamma.clearCofactor().toBytes(), new Uint8Array([0])))
}

function parseProof(proof: Uint8Array): { gamma: Point; c: bigint; s: bigint } {
  if (proof.length !== VRF_PROOF_BYTES) throw malformed('a proof is 80 bytes')
  const gamma = pointOf(proof.subarray(0, 32), 'vrf-proof-malformed')
  const c = numberOf(proof.subarray(32, 32 + CHALLENGE_BYTES))
  const s = numberOf(proof.subarray(32 + CHALLENGE_BYTES))
  if (s >= Fn.ORDER) throw malformed('a number of the proof is too large')
  return { gamma, c, s }
}

/** Try and increment (5.4.1.1): the first counter whose hash is a point. */
function encodeToCurve(salt: Uint8Array, alpha: Uint8Array): Point {
  for (let tried = 0; tried < MOST_TRIES; tried += 1) {
    const hash = sha512(concat(new Uint8Array([SUITE, 1]), salt, alpha, new Uint8Array([tried, 0])))
    const point = tryPoint(hash.subarray(0, 32))?.clearCofactor()
    if (point !== undefined && !point.is0()) return point
  }
  throw malformed('this input leads to no point')
}

function challengeOf(points: readonly Uint8Array[]): bigint {
  const hash = sha512(concat(new Uint8Array([SUITE, 2]), ...points, new Uint8Array([0])))
  return numberOf(hash.subarray(0, CHALLENGE_BYTES))
}

/**
 * The sum of two products, in one walk over the bits of both and with no table that only many products would pay for:
 * a phone does this a few times and never again. What is multiplied here is public, so the time it takes may tell.
 */
function multiplyBoth(...[[one, by], [other, byOther]]: readonly [Product, Product]): Point {
  return mulAddUnsafe(Point, [one, other], [by, byOther])
}

type Product = readonly [Point, bigint]

function pointOf(bytes: Uint8Array, code: VrfFault): Point {
  const point = bytes.length === 32 ? tryPoint(bytes) : undefined
  if (point === undefined) throw new CodedError<VrfFault>(code, 'these bytes are no point of the curve')
  return point
}

function tryPoint(bytes: Uint8Array): Point | undefined {
  try {
    return Point.fromBytes(bytes)
  } catch {
    return undefined
  }
}

function numberOf(littleEndian: Uint8Array): bigint {
  let number = 0n
  for (let i = littleEndian.length - 1; i >= 0; i -= 1) number = (number << 8n) | BigInt(littleEndian[i]!)
  return number
}

function bytesOf(number: bigint, length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  let rest = number
  for (let i = 0; i < length; i += 1) {
    bytes[i] = Number(rest & 0xffn)
    rest >>= 8n
  }
  return bytes
}

function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

function malformed(what: string): CodedError<VrfFault> {
  return new CodedError('vrf-proof-malformed', what)
}
