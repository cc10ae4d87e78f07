import type pg from 'pg'
import type { Sealer } from '../../platform/sealer.ts'
import { encodeBase64 } from '../base64.ts'
import type { JsonObject } from '../entry.ts'
import { sameBytes } from '../merkle.ts'
import { nodeSha256 } from '../node-crypto.ts'
import type { Opening } from '../receipt.ts'
import { entryOf, isLost, type LogRow, openEntry } from '../sealed-entry.ts'
import { type Queryable, readEntries } from '../store.ts'
import type { HoldingDates } from './labels.ts'
import { type ChainEnd, type ChainKey, chainOf, extendChain, NO_LINKS } from './link.ts'
import { type KeyedLink, readChainsBegin, readLinksFrom } from './link-store.ts'
import { EpochReplay, type EpochsCode } from './replay-epochs.ts'

/**
 * - `link-missing`, `link-misfiled`, `link-wrong`: an entry without its link, in another's chain, or with another hash
 * - `holder-unknown`: a link about a tenure that nobody has
 * - `period-beyond-tenure`: a receipt opened what its holder did not hold, as tenures are on file now
 * - `slot-other`: what was kept secret opened to another holder than it was sealed for
 */
export type SubjectsFindingCode =
  | 'link-missing'
  | 'link-misfiled'
  | 'link-wrong'
  | 'holder-unknown'
  | 'period-beyond-tenure'
  | 'slot-other'
  | EpochsCode

export interface SubjectsFinding {
  readonly code: SubjectsFindingCode
  /** The entry's index; of what is about an epoch alone, its number. */
  readonly at: number
  readonly why: string
}

export interface SubjectsVerdict {
  readonly ok: boolean
  readonly links: number
  readonly epochs: number
  /** At most 100; `more` says how many were left out. */
  readonly findings: readonly SubjectsFinding[]
  readonly more: number
  readonly why: string
}

export interface ReplayParties {
  readonly pool: pg.Pool
  readonly keys: { readonly sealer: Sealer; prfKey(purpose: string): Uint8Array }
  /** The second log's key, as its readers have it. */
  readonly verifierKey: string
  /** Everybody who ever held a number, with their dates, earliest first. */
  readonly holders: (subject: string) => Promise<readonly HoldingDates[]>
}

/** Told of everything that is found. */
export type Find = (code: SubjectsFindingCode, at: number, why: string) => void

/** A chain with where it ends, and the entry that is its newest link. */
export interface ReplayedChain extends ChainKey, ChainEnd {
  readonly entry: number
}

const CHUNK = 2_048
const MOST_FINDINGS = 100

/**
 * Replays chains and map from the entries' own words: whose each is, by its body; then every epoch against what the
 * entries that it covers give, with labels made anew. What was filed under another's label is found here, and by nobody
 * else. Verify the ledger first: of bodies that were changed it says which.
 * @throws CodedError `body-broken` for a body that was changed
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

/** What an entry's words say of it; `chain` undefined where its body was erased, so that nobody can tell. */
interface Said {
  readonly chain: ChainKey | null | undefined
  readonly opening: Opening | null
  readonly at: number
  readonly kind: string
  readonly body: JsonObject | null
}

const LOST: Said = { chain: null, opening: null, at: 0, kind: '', body: null }

class Replay {
  readonly #client: Queryable
  readonly #sealer: Sealer
  readonly #findings: SubjectsFinding[] = []
  readonly #holders: ReplayParties['holders']
  readonly #epochs: EpochReplay
  readonly #chains = new Map<string, ReplayedChain>()
  /** The chain that each link is in, for the erasure that names one by its index. */
  readonly #chainAt = new Map<number, ChainKey>()
  /** The labels of sealed slots, by their entries. */
  readonly #slots = new Map<number, string>()
  #grown = new Set<string>()
  #links = 0
  #begin = 0
  #more = 0

  constructor(parties: ReplayParties, client: Queryable) {
    this.#client = client
    this.#sealer = parties.keys.sealer
    this.#holders = remember(parties.holders)
    this.#epochs = new EpochReplay({ ...parties, holders: this.#holders, client }, this.#find)
  }

  async run(): Promise<SubjectsVerdict> {
    this.#begin = (await readChainsBegin(this.#client)).index
    await this.#epochs.load()
    for (let from = 0; ; from += CHUNK) {
      const rows = await readEntries(this.#client, from, CHUNK)
      const links = await this.#linksBetween(from, from + CHUNK)
      for (const row of rows) {
        while (this.#epochs.endsAt(row.index)) await this.#epochs.takeNext(this.#takeGrown())
        await this.#takeRow(row, links.get(row.index))
      }
      if (rows.length < CHUNK) break
    }
    while (this.#epochs.endsAt(Number.POSITIVE_INFINITY)) await this.#epochs.takeNext(this.#takeGrown())
    await this.#epochs.finish()
    return this.#verdict()
  }

  async #takeRow(row: LogRow, link: KeyedLink | undefined): Promise<void> {
    const { index } = row
    const said = index < this.#begin || isLost(row) ? LOST : this.#saidBy(row)
    const { chain } = said
    const isFiled = link !== undefined
    if (index >= this.#begin && chain !== undefined && (chain === null ? isFiled : !isSame(chain, link)))
      this.#find(
        isFiled ? 'link-misfiled' : 'link-missing',
        index,
        isFiled
          ? `Entry ${index} stands in another chain than its words say.`
          : `Entry ${index} is no link of the chain it belongs to.`,
      )
    if (said.opening !== null) await this.#checkPeriod(index, said.at, said.opening)
    await this.#takeSlot(index, said)
    if (link !== undefined) await this.#takeLink(row, link)
  }

  async #takeLink(row: LogRow, { subject, tenure, sequence, link }: KeyedLink): Promise<void> {
    const { index } = row
    const name = `${subject}/${tenure}`
    const end = extendChain(this.#chains.get(name) ?? NO_LINKS, entryOf(row), nodeSha256)
    // Those after a wrong one are judged by what stands before them.
    if (end.count !== sequence || !sameBytes(end.link, link))
      this.#find('link-wrong', index, `The link of entry ${index} does not follow from those before.`)
    if (!(await this.#holders(subject)).some((one) => one.tenure === tenure))
      this.#find('holder-unknown', index, `Entry ${index} is about a holder whom nobody knows.`)
    this.#chains.set(name, { subject, tenure, count: sequence, link, entry: index })
    this.#chainAt.set(index, { subject, tenure })
    this.#grown.add(name)
    this.#links += 1
  }

  #saidBy(row: Exclude<LogRow, { lost: Uint8Array }>): Said {
    const { header, kind, subject, opening, body, at } = openEntry(row, this.#sealer)
    const erases = header.kind === 'body-erased' ? header.counts?.index : undefined
    const said = { opening, at, kind, body }
    if (erases !== undefined) return { ...said, chain: this.#chainAt.get(erases) ?? null }
    if (body === null) return { ...said, chain: undefined }
    return { ...said, chain: chainOf({ kind, subject, body, ...(opening === null ? {} : { opening }) }) }
  }

  /** A sealed slot says a label; the entry that opens it is about the tenure that has it. */
  async #takeSlot(index: number, { kind, body, chain }: Said): Promise<void> {
    if (kind === 'secrecy-slot' && typeof body?.label === 'string') this.#slots.set(index, body.label)
    if (kind !== 'authority-disclosure' || typeof body?.slot !== 'number' || chain == null) return
    const label = await this.#epochs.labelOf(chain)
    if (label !== null && this.#slots.get(body.slot) !== encodeBase64(label))
      this.#find('slot-other', index, `Entry ${index} opens a sealed slot of somebody else.`)
  }

  /**
   * What lay ahead when a receipt was pressed could not be opened by it, so its period ends there. A tenure that is not
   * on file opens nothing.
   */
  async #checkPeriod(index: number, at: number, { subject, tenure, ...opening }: Opening): Promise<void> {
    const { from } = opening
    const until = Math.min(opening.until, Math.floor(at / 1000) + 1)
    const held = (await this.#holders(subject)).find((one) => one.tenure === tenure)
    if (held === undefined || from >= until) return
    if (from >= held.from && (held.until === null || until <= held.until)) return
    this.#find(
      'period-beyond-tenure',
      index,
      `Entry ${index} opened time in which its holder did not hold the number.`,
    )
  }

  #takeGrown(): ReplayedChain[] {
    const grown = [...this.#grown].map((name) => this.#chains.get(name)!)
    this.#grown = new Set()
    return grown
  }

  async #linksBetween(from: number, until: number): Promise<Map<number, KeyedLink>> {
    const links = await readLinksFrom(this.#client, from, until - from)
    return new Map(links.filter(({ index }) => index < until).map((link) => [link.index, link]))
  }

  readonly #find: Find = (code, at, why) => {
    if (this.#findings.length < MOST_FINDINGS) this.#findings.push({ code, at, why })
    else this.#more += 1
  }

  #verdict(): SubjectsVerdict {
    const [first] = this.#findings
    const { count: epochs } = this.#epochs
    return {
      ok: first === undefined,
      links: this.#links,
      epochs,
      findings: this.#findings,
      more: this.#more,
      why:
        first?.why ??
        `All ${this.#links} links follow from the entries, and all ${epochs} epochs from the links.`,
    }
  }
}

function isSame(chain: ChainKey, link: ChainKey | undefined): boolean {
  return chain.subject === link?.subject && chain.tenure === link.tenure
}

/** Asks once a number. */
function remember(holders: ReplayParties['holders']): ReplayParties['holders'] {
  const known = new Map<string, ReturnType<ReplayParties['holders']>>()
  return (subject) => {
    const answer = known.get(subject) ?? holders(subject)
    known.set(subject, answer)
    return answer
  }
}
