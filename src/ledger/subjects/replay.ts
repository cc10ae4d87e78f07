import type pg from 'pg'
import type { Sealer } from '../../platform/sealer.ts'
import { Edge } from '../edge.ts'
import { hashLeaf, sameBytes } from '../merkle.ts'
import { nodeSha256 } from '../node-crypto.ts'
import { entryOf, isLost, type LogRow, openEntry } from '../sealed-entry.ts'
import { type Queryable, readEntries, readHead } from '../store.ts'
import { vrfKeyOf } from './ecvrf.ts'
import { parseEpoch } from './epoch.ts'
import { inEpochs, readChangesOf, readEpochs } from './epoch-store.ts'
import { proveLabel } from './label.ts'
import { type HoldingDates, LABEL_PURPOSE } from './labels.ts'
import { type ChainEnd, type ChainKey, chainOf, extendChain, NO_LINKS } from './link.ts'
import { type KeyedLink, readChainsBegin, readLinksFrom } from './link-store.ts'
import { SubjectMap } from './subject-map.ts'

/**
 * - `link-missing`, `link-misfiled`, `link-wrong`: an entry without its link, in another's chain, or with another hash
 * - `period-beyond-tenure`: a receipt opened what its holder had not held
 * - `count-lowered`: an epoch says less of a label than one before
 * - `epoch-wrong`: an epoch is not what the entries up to its size give
 */
export type SubjectsFindingCode =
  | 'link-missing'
  | 'link-misfiled'
  | 'link-wrong'
  | 'period-beyond-tenure'
  | 'count-lowered'
  | 'epoch-wrong'

export interface SubjectsFinding {
  readonly code: SubjectsFindingCode
  /** The entry's index, or the epoch's number. */
  readonly at: number
  readonly why: string
}

export interface SubjectsVerdict {
  readonly ok: boolean
  readonly links: number
  readonly epochs: number
  /** At most 100. */
  readonly findings: readonly SubjectsFinding[]
  readonly why: string
}

export interface ReplayParties {
  readonly pool: pg.Pool
  readonly keys: { readonly sealer: Sealer; prfKey(purpose: string): Uint8Array }
  /** Everybody who ever held a number, with their dates, earliest first. */
  readonly holders: (subject: string) => Promise<readonly HoldingDates[]>
}

const CHUNK = 2_048
const MOST_FINDINGS = 100

/**
 * Replays chains and map from the entries' own words: whose each is, by its body; then every epoch against what the
 * entries that it covers give, with labels made anew. What was filed under another's label is found here, and by nobody
 * else. Verify the ledger first.
 */
export async function verifySubjects(parties: ReplayParties): Promise<SubjectsVerdict> {
  const client = await parties.pool.connect()
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    return await new Replay(parties, client).run()
  } finally {
    await client.query('ROLLBACK').catch(() => {})
    client.release()
  }
}

class Replay {
  readonly #parties: ReplayParties
  readonly #client: Queryable
  readonly #findings: SubjectsFinding[] = []
  /** Chains by `subject/tenure`, as the entries give them. */
  readonly #ends = new Map<string, ChainEnd>()
  readonly #keys = new Map<string, ChainKey>()
  readonly #chainAt = new Map<number, string>()
  #grown = new Set<string>()
  #links = 0
  #begin = 0

  constructor(parties: ReplayParties, client: Queryable) {
    this.#parties = parties
    this.#client = client
  }

  async run(): Promise<SubjectsVerdict> {
    this.#begin = (await readChainsBegin(this.#client)).index
    const epochs = await this.#readEpochs()
    const replayed = new EpochReplay(this.#parties, this.#client, this.#findings)
    let next = 0
    for (let from = 0; ; from += CHUNK) {
      const rows = await readEntries(this.#client, from, CHUNK)
      const links = await this.#linksBetween(from, from + CHUNK)
      for (const row of rows) {
        for (; next < epochs.length && epochs[next]!.ledgerSize <= row.index; next += 1)
          await replayed.take(epochs[next]!, this.#takeGrown())
        await this.#takeRow(row, links.get(row.index))
      }
      if (rows.length < CHUNK) break
    }
    for (; next < epochs.length; next += 1) await replayed.take(epochs[next]!, this.#takeGrown())
    return this.#verdict(epochs.length)
  }

  async #takeRow(row: LogRow, link: KeyedLink | undefined): Promise<void> {
    const own = isLost(row) ? null : this.#chainOf(row)
    const filed = link === undefined ? null : `${link.subject}/${link.tenure}`
    if (row.index >= this.#begin && own !== undefined && own?.name !== (filed ?? undefined))
      this.#find(
        filed === null ? 'link-missing' : 'link-misfiled',
        row.index,
        filed === null
          ? `Entry ${row.index} is no link of the chain it belongs to.`
          : `Entry ${row.index} stands in another chain than its words say.`,
      )
    if (link === undefined || filed === null) return
    this.#links += 1
    const end = extendChain(this.#ends.get(filed) ?? NO_LINKS, entryOf(row), nodeSha256)
    if (end.count !== link.sequence || !sameBytes(end.link, link.link))
      this.#find('link-wrong', row.index, `The link of entry ${row.index} does not follow from those before.`)
    this.#ends.set(filed, end)
    this.#keys.set(filed, link)
    this.#chainAt.set(row.index, filed)
    this.#grown.add(filed)
    if (own?.opening != null) await this.#checkPeriod(row.index, link, own.opening)
  }

  /** Whose link an entry is by its own words; undefined where they were erased, so that nobody can tell. */
  #chainOf(row: Exclude<LogRow, { lost: Uint8Array }>) {
    const entry = openEntry(row, this.#parties.keys.sealer)
    const erases = entry.header.kind === 'body-erased' ? entry.header.counts?.index : undefined
    if (erases !== undefined) {
      const name = this.#chainAt.get(erases)
      return name === undefined ? null : { name, opening: null }
    }
    if (entry.body === null) return undefined
    const { kind, subject, opening, body } = entry
    const chain = chainOf({ kind, subject, body, ...(opening === null ? {} : { opening }) })
    return chain === null ? null : { name: `${chain.subject}/${chain.tenure}`, opening }
  }

  async #checkPeriod(at: number, key: ChainKey, { from, until }: { from: number; until: number }) {
    const held = (await this.#parties.holders(key.subject)).find(({ tenure }) => tenure === key.tenure)
    // A period may reach beyond the tenure, for the vault clips it; but not lie wholly outside it.
    const inside = held !== undefined && until > held.from && (held.until === null || from < held.until)
    if (!inside)
      this.#find(
        'period-beyond-tenure',
        at,
        `Entry ${at} opened a period in which its holder did not hold the number.`,
      )
  }

  #takeGrown(): (ChainKey & ChainEnd)[] {
    const grown = [...this.#grown].map((name) => ({ ...this.#keys.get(name)!, ...this.#ends.get(name)! }))
    this.#grown = new Set()
    return grown
  }

  async #linksBetween(from: number, until: number): Promise<Map<number, KeyedLink>> {
    const links = await readLinksFrom(this.#client, from, until - from)
    return new Map(links.filter(({ index }) => index < until).map((link) => [link.index, link]))
  }

  async #readEpochs() {
    const epochs: ReplayedEpoch[] = []
    for (let from = 0; ; from += CHUNK) {
      const texts = await readEpochs(this.#client, from, CHUNK)
      epochs.push(...texts.map((text) => ({ ...parseEpoch(text), text })))
      if (texts.length < CHUNK) return epochs
    }
  }

  #find(code: SubjectsFindingCode, at: number, why: string): void {
    if (this.#findings.length < MOST_FINDINGS) this.#findings.push({ code, at, why })
  }

  #verdict(epochs: number): SubjectsVerdict {
    const [first] = this.#findings
    return {
      ok: first === undefined,
      links: this.#links,
      epochs,
      findings: this.#findings,
      why:
        first?.why ??
        `All ${this.#links} links follow from the entries, and all ${epochs} epochs from the links.`,
    }
  }
}

type ReplayedEpoch = ReturnType<typeof parseEpoch> & { readonly text: string }

/** Epochs, one after the other, each against a map of our own. */
class EpochReplay {
  readonly #parties: ReplayParties
  readonly #client: Queryable
  readonly #findings: SubjectsFinding[]
  readonly #map = new SubjectMap(nodeSha256)
  readonly #edge = new Edge(nodeSha256)
  readonly #labels = new Map<string, Uint8Array | null>()
  #covered = 0

  constructor(parties: ReplayParties, client: Queryable, findings: SubjectsFinding[]) {
    this.#parties = parties
    this.#client = client
    this.#findings = findings
  }

  async take(epoch: ReplayedEpoch, grown: readonly (ChainKey & ChainEnd)[]): Promise<void> {
    const at = epoch.epoch
    for (const change of await readChangesOf(this.#client, at))
      if (change.count < (this.#map.get(change.label)?.count ?? 0))
        this.#find('count-lowered', at, `Epoch ${at} says fewer links of a label than an epoch before.`)
    const changes = []
    for (const { subject, tenure, count, link } of grown) {
      const label = await this.#labelOf({ subject, tenure })
      if (label !== null) changes.push({ label, count, link })
    }
    const root = this.#map.stage(changes)
    this.#map.publish()
    this.#edge.add(hashLeaf(new TextEncoder().encode(epoch.text), nodeSha256))
    const wrong =
      at !== this.#edge.size - 1 ||
      epoch.ledgerSize < this.#covered ||
      !sameBytes(root, epoch.root) ||
      !(await this.#isInTree(at))
    this.#covered = epoch.ledgerSize
    if (wrong)
      this.#find('epoch-wrong', at, `Epoch ${at} is not what the entries up to ${epoch.ledgerSize} give.`)
  }

  /** The label, made anew from number and order of holders; null where nobody held it. */
  async #labelOf({ subject, tenure }: ChainKey): Promise<Uint8Array | null> {
    const name = `${subject}/${tenure}`
    const known = this.#labels.get(name)
    if (known !== undefined) return known
    const key = vrfKeyOf(new Uint8Array(this.#parties.keys.prfKey(LABEL_PURPOSE)))
    const holders = await this.#parties.holders(subject)
    const ordinal = holders.findIndex((one) => one.tenure === tenure) + 1
    const number = holders[ordinal - 1]?.number
    const label = number === undefined ? null : proveLabel(key, { number, ordinal }).label
    this.#labels.set(name, label)
    return label
  }

  /** The last epoch's tree has to be the one that was signed; those before are its beginning. */
  async #isInTree(at: number): Promise<boolean> {
    const head = await readHead(inEpochs(this.#client))
    if (head === null || at >= head.size) return false
    if (at < head.size - 1) return true
    return sameBytes(head.root, this.#edge.root())
  }

  #find(code: SubjectsFindingCode, at: number, why: string): void {
    if (this.#findings.length < MOST_FINDINGS) this.#findings.push({ code, at, why })
  }
}
