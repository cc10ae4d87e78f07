import { invariant } from '../../platform/coded-error.ts'
import { HASH_BYTES, type Sha256, sha256 } from '../merkle.ts'
import type { ChainEnd } from './link.ts'
import { bitAt, EMPTY, hashMapLeaf, hashMapNode, LABEL_BYTES, type MapProof } from './map-proof.ts'

/** What an epoch says of one label. */
export interface MapChange extends ChainEnd {
  /** 32 bytes. */
  readonly label: Uint8Array
}

/** Where something stands: 0 nothing, a positive number the node of that number, a negative one the leaf of its opposite. */
type Place = number

const NOTHING: Place = 0
const FIRST_CAPACITY = 1_024

/**
 * The map of subjects (`map-proof.ts` says what its root commits to), in memory: a label takes some 130 bytes.
 *
 * What is published stays as it is while the next epoch is staged beside it: nodes are never changed, only replaced
 * along the paths of what changed, and the replaced ones are used again once the stage is published. So proofs can be
 * given of the epoch that witnesses have signed, while theirs for the next is awaited.
 */
export class SubjectMap {
  readonly #hash: Sha256
  readonly #nodes: Slots
  readonly #leaves: Slots
  /** Two places a node. */
  #children = new Int32Array(2 * FIRST_CAPACITY)
  #nodeHashes = new Uint8Array(HASH_BYTES * FIRST_CAPACITY)
  #labels = new Uint8Array(LABEL_BYTES * FIRST_CAPACITY)
  #links = new Uint8Array(HASH_BYTES * FIRST_CAPACITY)
  #counts = new Float64Array(FIRST_CAPACITY)
  #published: Place = NOTHING
  #size = 0
  #staged: Stage | null = null

  constructor(hash: Sha256 = sha256) {
    this.#hash = hash
    this.#nodes = new Slots((capacity) => {
      this.#children = grown(this.#children, new Int32Array(2 * capacity))
      this.#nodeHashes = grown(this.#nodeHashes, new Uint8Array(HASH_BYTES * capacity))
    })
    this.#leaves = new Slots((capacity) => {
      this.#labels = grown(this.#labels, new Uint8Array(LABEL_BYTES * capacity))
      this.#links = grown(this.#links, new Uint8Array(HASH_BYTES * capacity))
      this.#counts = grown(this.#counts, new Float64Array(capacity))
    })
  }

  /** How many labels are published. */
  get size(): number {
    return this.#size
  }

  /** The published root. */
  root(): Uint8Array {
    return this.#hashAt(this.#published).slice()
  }

  /** What is published of a label; null when it is not there. */
  get(label: Uint8Array): ChainEnd | null {
    return endOf(this.prove(label), label)
  }

  /** The published path of a label. */
  prove(label: Uint8Array): MapProof {
    const siblings: Uint8Array[] = []
    let place = this.#published
    for (let depth = 0; place > 0; depth += 1) {
      const bit = bitAt(label, depth)
      siblings.push(this.#hashAt(this.#children[2 * place + 1 - bit]!).slice())
      place = this.#children[2 * place + bit]!
    }
    if (place === NOTHING) return { siblings, leaf: null }
    const { count, link } = this.#endAt(-place)
    return { siblings, leaf: { label: this.#labelAt(-place).slice(), count, link: link.slice() } }
  }

  /** Stages changes (each label once) beside what is published, and gives the root they lead to. */
  stage(changes: readonly MapChange[]): Uint8Array {
    this.discard()
    const stage: Stage = { root: NOTHING, added: 0, made: [], replaced: [] }
    stage.root = this.#change(stage, this.#published, sorted(changes), 0)
    this.#staged = stage
    return this.#hashAt(stage.root).slice()
  }

  /** What was staged is published. */
  publish(): void {
    const stage = this.#staged
    invariant(stage !== null, 'something is staged')
    for (const place of stage.replaced) this.#free(place)
    this.#published = stage.root
    this.#size += stage.added
    this.#staged = null
  }

  /** Forgets what was staged. */
  discard(): void {
    for (const place of this.#staged?.made ?? []) this.#free(place)
    this.#staged = null
  }

  /** The subtree at `place` with `changes`, which all lie below it and are in order. */
  #change(stage: Stage, place: Place, changes: readonly MapChange[], depth: number): Place {
    const first = changes[0]
    if (first === undefined) return place
    if (place <= 0 && changes.length === 1) {
      if (place === NOTHING) return this.#newLeaf(stage, first, 1)
      if (sameLabel(this.#labels, -place, first.label)) {
        stage.replaced.push(place)
        return this.#newLeaf(stage, first, 0)
      }
    }
    const middle = firstWithBit(changes, depth)
    let [left, right] = [NOTHING, NOTHING]
    if (place > 0) {
      left = this.#children[2 * place]!
      right = this.#children[2 * place + 1]!
      stage.replaced.push(place)
    } else if (place < 0) {
      if (bitAt(this.#labelAt(-place), depth) === 0) left = place
      else right = place
    }
    return this.#newNode(
      stage,
      this.#change(stage, left, changes.slice(0, middle), depth + 1),
      this.#change(stage, right, changes.slice(middle), depth + 1),
    )
  }

  #newLeaf(stage: Stage, { label, count, link }: MapChange, added: number): Place {
    const slot = this.#leaves.take()
    this.#labels.set(label, LABEL_BYTES * slot)
    this.#links.set(link, HASH_BYTES * slot)
    this.#counts[slot] = count
    stage.made.push(-slot)
    stage.added += added
    return -slot
  }

  #newNode(stage: Stage, left: Place, right: Place): Place {
    const hash = hashMapNode(this.#hashAt(left), this.#hashAt(right), this.#hash)
    const slot = this.#nodes.take()
    this.#children[2 * slot] = left
    this.#children[2 * slot + 1] = right
    this.#nodeHashes.set(hash, HASH_BYTES * slot)
    stage.made.push(slot)
    return slot
  }

  #hashAt(place: Place): Uint8Array {
    if (place === NOTHING) return EMPTY
    if (place > 0) return this.#nodeHashes.subarray(HASH_BYTES * place, HASH_BYTES * (place + 1))
    return hashMapLeaf(this.#labelAt(-place), this.#endAt(-place), this.#hash)
  }

  #labelAt(slot: number): Uint8Array {
    return this.#labels.subarray(LABEL_BYTES * slot, LABEL_BYTES * (slot + 1))
  }

  #endAt(slot: number): ChainEnd {
    const link = this.#links.subarray(HASH_BYTES * slot, HASH_BYTES * (slot + 1))
    return { count: this.#counts[slot]!, link }
  }

  #free(place: Place): void {
    if (place > 0) this.#nodes.free(place)
    else this.#leaves.free(-place)
  }
}

interface Stage {
  root: Place
  /** Labels that were not there. */
  added: number
  readonly made: Place[]
  readonly replaced: Place[]
}

/** Numbers from 1 on, given out, taken back and given out again. */
class Slots {
  readonly #grow: (capacity: number) => void
  #capacity = FIRST_CAPACITY
  #next = 1
  #freed: number[] = []

  constructor(grow: (capacity: number) => void) {
    this.#grow = grow
  }

  take(): number {
    const freed = this.#freed.pop()
    if (freed !== undefined) return freed
    if (this.#next === this.#capacity) {
      this.#capacity = Math.ceil(this.#capacity * 1.5)
      this.#grow(this.#capacity)
    }
    this.#next += 1
    return this.#next - 1
  }

  free(slot: number): void {
    this.#freed.push(slot)
  }
}

function grown<T extends Int32Array | Uint8Array | Float64Array>(old: T, larger: T): T {
  larger.set(old)
  return larger
}

function endOf({ leaf }: MapProof, label: Uint8Array): ChainEnd | null {
  if (leaf === null || Buffer.compare(leaf.label, label) !== 0) return null
  return { count: leaf.count, link: leaf.link }
}

function sameLabel(labels: Uint8Array, slot: number, label: Uint8Array): boolean {
  for (let i = 0; i < LABEL_BYTES; i += 1) if (labels[LABEL_BYTES * slot + i] !== label[i]) return false
  return true
}

/** In the order of their labels; those that come in order are left as they are. */
function sorted(changes: readonly MapChange[]): readonly MapChange[] {
  const inOrder = changes.every(({ label }, i) => i === 0 || Buffer.compare(changes[i - 1]!.label, label) < 0)
  return inOrder ? changes : changes.toSorted((a, b) => Buffer.compare(a.label, b.label))
}

/** How many of these changes, in order, have a 0 at `depth`; all have the same bits before it. */
function firstWithBit(changes: readonly MapChange[], depth: number): number {
  let [low, high] = [0, changes.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (bitAt(changes[middle]!.label, depth) === 0) low = middle + 1
    else high = middle
  }
  return low
}
