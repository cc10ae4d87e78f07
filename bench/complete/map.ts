import { randomBytes, randomFillSync } from 'node:crypto'
import { nodeSha256 } from '../../src/ledger/node-crypto.ts'
import { encodeMapProof, parseMapProof, verifyMapProof } from '../../src/ledger/subjects/map-proof.ts'
import { type MapChange, SubjectMap } from '../../src/ledger/subjects/subject-map.ts'
import { quantile } from '../ledger-work.ts'

/** So many labels are put in at once: what they are made of is thrown away before the next. */
const AT_ONCE = 250_000
const PROOFS = 2_000

export interface MapFigures {
  readonly epochCpuSeconds: number
  readonly epochSeconds: number
  readonly proofMs: number
  readonly proofBytes: number
  /** Of this process, with the map in it and nothing of the peer's. */
  readonly peakBytes: number
}

/** A map of random labels, and those that an epoch changes. */
export function fillMap(labels: number, known: number): { map: SubjectMap; changed: MapChange[] } {
  const map = new SubjectMap(nodeSha256)
  const changed: MapChange[] = []
  for (let made = 0; made < labels; made += AT_ONCE) {
    const count = Math.min(AT_ONCE, labels - made)
    const bytes = randomFillSync(new Uint8Array(count * 64))
    const changes = Array.from({ length: count }, (_, i) => ({
      label: bytes.subarray(64 * i, 64 * i + 32),
      count: 1,
      link: bytes.subarray(64 * i + 32, 64 * i + 64),
    }))
    map.stage(changes)
    map.publish()
    // Spread over the whole filling, as many from each part.
    const share = Math.ceil((known * (made + count)) / labels) - changed.length
    for (const { label } of changes.slice(0, share))
      changed.push({ label: label.slice(), count: 2, link: new Uint8Array(randomBytes(32)) })
  }
  return { map, changed }
}

/** An epoch of these changes, then proofs of labels that it changed. */
export function measureMap(map: SubjectMap, changed: readonly MapChange[]): MapFigures {
  const before = process.cpuUsage()
  const begun = performance.now()
  const root = map.stage(changed)
  map.publish()
  const { user, system } = process.cpuUsage(before)
  const epochSeconds = (performance.now() - begun) / 1000
  const times: number[] = []
  let proofBytes = 0
  for (let i = 0; i < PROOFS; i += 1) {
    const { label, count } = changed[i % changed.length]!
    const from = performance.now()
    const bytes = encodeMapProof(map.prove(label))
    times.push(performance.now() - from)
    proofBytes = Math.max(proofBytes, bytes.length)
    const end = verifyMapProof({ root, label, proof: parseMapProof(bytes) }, nodeSha256)
    if (end?.count !== count) throw new Error('a proof does not say what was put into the map')
  }
  return {
    epochCpuSeconds: (user + system) / 1e6,
    epochSeconds,
    proofMs: quantile(
      times.sort((a, b) => a - b),
      0.5,
    ),
    proofBytes,
    peakBytes: process.resourceUsage().maxRSS * 1024,
  }
}
