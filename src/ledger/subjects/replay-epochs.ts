import { CodedError } from '../../platform/coded-error.ts'
import { verifyCheckpoint } from '../checkpoint.ts'
import { Edge } from '../edge.ts'
import { hashLeaf, sameBytes } from '../merkle.ts'
import { nodeSha256, nodeVerifyEd25519 } from '../node-crypto.ts'
import { parseVerifierKey } from '../note.ts'
import { type Queryable, readHead } from '../store.ts'
import { type VrfKey, vrfKeyOf } from './ecvrf.ts'
import { type Epoch, parseEpoch } from './epoch.ts'
import { inEpochs, readChangesOf, readEpochs } from './epoch-store.ts'
import { proveLabel } from './label.ts'
import { LABEL_PURPOSE } from './labels.ts'
import type { ChainEnd, ChainKey } from './link.ts'
import type { Find, ReplayedChain, ReplayParties } from './replay.ts'
import { type MapChange, SubjectMap } from './subject-map.ts'

/**
 * - `label-misfiled`: an epoch has a chain under another label than its holder's
 * - `change-missing`, `change-wrong`, `change-invented`: an epoch leaves out a chain that grew, says another end of it,
 *   or says something that no entry gives
 * - `count-lowered`: an epoch says fewer links of a label than one before
 * - `changes-altered`: what is kept of an epoch is not what it signed, though that was right
 * - `epoch-wrong`: an epoch's root, number, size or key is not what the entries give
 * - `epochs-unsigned`: the epochs there are, are not those that the second log signed
 */
export type EpochsCode =
  | 'label-misfiled'
  | 'change-missing'
  | 'change-wrong'
  | 'change-invented'
  | 'count-lowered'
  | 'changes-altered'
  | 'epoch-wrong'
  | 'epochs-unsigned'

const CHUNK = 2_048

/** A change that an epoch has to have, with the entry it comes from. */
interface ExpectedChange extends MapChange {
  readonly entry: number
}

/** The second log, an epoch after the other, each against a map of our own. */
export class EpochReplay {
  readonly #parties: ReplayParties & { readonly client: Queryable }
  readonly #find: Find
  readonly #key: VrfKey
  readonly #map = new SubjectMap(nodeSha256)
  readonly #edge = new Edge(nodeSha256)
  readonly #labels = new Map<string, Promise<Uint8Array | null>>()
  #epochs: { readonly epoch: Epoch; readonly text: string }[] = []
  #next = 0
  #covered = 0

  constructor(parties: ReplayParties & { readonly client: Queryable }, find: Find) {
    this.#parties = parties
    this.#find = find
    this.#key = vrfKeyOf(new Uint8Array(parties.keys.prfKey(LABEL_PURPOSE)))
  }

  /** How many were replayed. */
  get count(): number {
    return this.#next
  }

  /** Reads all of them, up to the first that is no epoch. */
  async load(): Promise<void> {
    for (let from = 0; ; from += CHUNK) {
      const texts = await readEpochs(this.#parties.client, from, CHUNK)
      for (const text of texts) {
        const epoch = this.#parse(text)
        if (epoch === null) return
        this.#epochs.push({ epoch, text })
      }
      if (texts.length < CHUNK) return
    }
  }

  #parse(text: string): Epoch | null {
    try {
      return parseEpoch(text)
    } catch (error) {
      if (!(error instanceof CodedError)) throw error
      const at = this.#epochs.length
      this.#find('epoch-wrong', at, `Entry ${at} of the second log is no epoch.`)
      return null
    }
  }

  /** Whether the next epoch covers nothing from this entry on. */
  endsAt(entry: number): boolean {
    const next = this.#epochs[this.#next]
    return next !== undefined && next.epoch.ledgerSize <= entry
  }

  /** Holds the next epoch against the chains that grew since the one before. */
  async takeNext(grown: readonly ReplayedChain[]): Promise<void> {
    const at = this.#next
    const { epoch, text } = this.#epochs[at]!
    this.#next += 1
    this.#edge.add(hashLeaf(new TextEncoder().encode(text), nodeSha256))
    const stored = await readChangesOf(this.#parties.client, at)
    const expected = await this.#expectedOf(grown)
    const { epoch: number, ledgerSize, vrfKey, root } = epoch
    if (number !== at || ledgerSize < this.#covered || !sameBytes(vrfKey, this.#key.publicKey))
      this.#find('epoch-wrong', at, `Epoch ${at} has another number, size or key than it must have.`)
    this.#covered = ledgerSize
    const isKept = sameBytes(this.#map.stage(stored), root)
    if (isKept || !sameBytes(this.#map.stage(expected), root)) {
      this.#compare(at, stored, expected)
      if (!isKept)
        this.#find(
          'epoch-wrong',
          at,
          `The root of epoch ${at} is not what the entries up to ${ledgerSize} give.`,
        )
    } else if (!isEqual(stored, expected))
      this.#find('changes-altered', at, `What is kept of epoch ${at} was changed after it was signed.`)
    // What was signed stands, right or wrong, so that an epoch is named for what it did and not for those before.
    this.#map.stage(isKept ? stored : expected)
    this.#map.publish()
  }

  /** The epochs that are there must be those of the signed tree, to the last. */
  async finish(): Promise<void> {
    const head = await readHead(inEpochs(this.#parties.client))
    if (head === null && this.#next === 0) return
    const { size } = this.#edge
    const isSigned =
      head !== null && head.size === size && sameBytes(head.root, this.#edge.root()) && this.#signs(head.note)
    if (!isSigned)
      this.#find(
        'epochs-unsigned',
        size,
        `The ${size} epochs there are, are not those that the second log signed.`,
      )
  }

  #signs(note: string): boolean {
    try {
      const key = parseVerifierKey(this.#parties.verifierKey)
      const { size, root } = verifyCheckpoint(note, key, nodeVerifyEd25519)
      return size === this.#edge.size && sameBytes(root, this.#edge.root())
    } catch (error) {
      if (error instanceof CodedError) return false
      throw error
    }
  }

  /** Names each difference between what an epoch changed and what it had to change. */
  #compare(at: number, stored: readonly MapChange[], expected: readonly ExpectedChange[]): void {
    const left = new Map(stored.map((change) => [nameOf(change.label), change]))
    for (const change of stored)
      if (change.count < (this.#map.get(change.label)?.count ?? 0))
        this.#find('count-lowered', at, `Epoch ${at} says fewer links of a label than an epoch before.`)
    for (const { entry, ...wanted } of expected) {
      const found = left.get(nameOf(wanted.label))
      if (found !== undefined && hasEnd(found, wanted)) left.delete(nameOf(wanted.label))
      else this.#nameDifference(at, { ...wanted, entry }, left)
    }
    for (const { label } of left.values())
      this.#find('change-invented', at, `Epoch ${at} says of label ${nameOf(label)} what no entry gives.`)
  }

  #nameDifference(at: number, wanted: ExpectedChange, left: Map<string, MapChange>): void {
    const { entry } = wanted
    const elsewhere = [...left].find(([, change]) => hasEnd(change, wanted))
    if (elsewhere !== undefined) {
      left.delete(elsewhere[0])
      this.#find(
        'label-misfiled',
        entry,
        `Epoch ${at} has entry ${entry} under another label than its holder’s.`,
      )
    } else if (left.delete(nameOf(wanted.label)))
      this.#find('change-wrong', entry, `Epoch ${at} ends the chain of entry ${entry} elsewhere than at it.`)
    else
      this.#find('change-missing', entry, `Epoch ${at} leaves out entry ${entry}, the newest of its chain.`)
  }

  async #expectedOf(grown: readonly ReplayedChain[]): Promise<ExpectedChange[]> {
    const changes: ExpectedChange[] = []
    for (const { count, link, entry, ...key } of grown) {
      const label = await this.labelOf(key)
      if (label !== null) changes.push({ label, count, link, entry })
    }
    return changes
  }

  /** The label, made anew from the number and the order of its holders; null where nobody held it. */
  labelOf({ subject, tenure }: ChainKey): Promise<Uint8Array | null> {
    const name = `${subject}/${tenure}`
    const make = async () => {
      const holders = await this.#parties.holders(subject)
      const ordinal = holders.findIndex((one) => one.tenure === tenure) + 1
      const number = holders[ordinal - 1]?.number
      return number === undefined ? null : proveLabel(this.#key, { number, ordinal }).label
    }
    const label = this.#labels.get(name) ?? make()
    this.#labels.set(name, label)
    return label
  }
}

function nameOf(label: Uint8Array): string {
  return Buffer.from(label).toString('hex')
}

function hasEnd(one: ChainEnd, other: ChainEnd): boolean {
  return one.count === other.count && sameBytes(one.link, other.link)
}

function isEqual(stored: readonly MapChange[], expected: readonly MapChange[]): boolean {
  const byLabel = new Map(expected.map((change) => [nameOf(change.label), change]))
  return (
    stored.length === expected.length &&
    stored.every((change) => {
      const wanted = byLabel.get(nameOf(change.label))
      return wanted !== undefined && hasEnd(change, wanted)
    })
  )
}
