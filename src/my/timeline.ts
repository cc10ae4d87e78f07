import type { Reports } from '../customers/reports.ts'
import type { Subscriber } from '../customers/subscriber.ts'
import { type AuthorityDisclosure, DISCLOSURE_KIND } from '../lawful/disclosure.ts'
import type { StoredEntry } from '../ledger/entry.ts'
import type { Ledger, ProofBundle } from '../ledger/ledger.ts'
import { type Refusal, refuse } from '../platform/refusal.ts'
import { type Look, looksOf, type SeenEntry } from './looks.ts'
import type { OwnRecordsBody } from './own-records.ts'
import type { Line, LookState } from './pages/looks.ts'
import { CHANGES } from './words.ts'

/** What the ledger says about her, clipped to her tenure of the number. */
export interface Timeline {
  /** A page of her time line, newest first; `olderBefore` is null when it is the last. */
  page(subscriber: Subscriber, before: number | null): Promise<{ lines: Line[]; olderBefore: number | null }>
  look(subscriber: Subscriber, look: string): Promise<Look | Refusal>
  /** The proofs of every entry of a look. */
  proofs(subscriber: Subscriber, look: string): Promise<ProofBundle[] | Refusal>
  /** Entries of her own settings, newest first. */
  changes(subscriber: Subscriber): Promise<{ kind: string; at: number }[]>
}

/** Entries read at a time, and at most for one page: a look is some ten of them. */
const PAGE = 200
const MOST = 2000

/** Reads the ledger for one room of pages. */
export function createTimeline(parties: { ledger: Ledger; reports: Reports }): Timeline {
  const { ledger, reports } = parties
  const find = async (subscriber: Subscriber, name: string): Promise<Look | Refusal> => {
    const { entries } = await readEntries(ledger, subscriber, null, (all) =>
      looksOf(all).some((one) => one.look === name && isWhole(one, all)),
    )
    return looksOf(entries).find((one) => one.look === name) ?? lookNotFound()
  }
  return {
    look: find,
    async page(subscriber, before) {
      const { entries, olderBefore } = await readEntries(
        ledger,
        subscriber,
        before,
        (all) => all.length >= PAGE,
      )
      const { reports: filed, acknowledged } = await reports.ofSubscriber(subscriber)
      const stateOf = (look: Look): LookState => {
        const report = filed.find((one) => one.look === look.look)
        if (report !== undefined) return { kind: 'reported', report }
        return { kind: acknowledged.has(look.look) ? 'acknowledged' : 'open' }
      }
      const looks: Line[] = looksOf(entries).map((look) => ({
        what: 'look',
        at: look.from,
        look,
        state: stateOf(look),
      }))
      const own: Line[] = entries
        .filter((entry) => entry.kind === 'own-records')
        .map((entry) => ({ what: 'own', at: entry.at, body: entry.body as OwnRecordsBody }))
      const given: Line[] = entries
        .filter((entry) => entry.kind === DISCLOSURE_KIND && tenureOf(entry) === subscriber.tenure)
        .map((entry) => ({
          what: 'authority',
          at: entry.at,
          index: entry.index,
          body: entry.body as AuthorityDisclosure,
        }))
      return { lines: [...looks, ...own, ...given].sort((a, b) => b.at - a.at), olderBefore }
    },
    async proofs(subscriber, name) {
      const look = await find(subscriber, name)
      if ('refused' in look) return look
      return Promise.all(look.entries.map((index) => ledger.proofOf(index)))
    },
    async changes(subscriber) {
      const entries = await ledger.entriesAbout(subscriber.subject, { limit: PAGE })
      return withinTenure(entries, subscriber)
        .filter((entry) => Object.hasOwn(CHANGES, entry.kind))
        .slice(0, 20)
        .map(({ kind, at }) => ({ kind, at }))
    },
  }
}

/**
 * Reads backwards until there is enough, and on to the beginning of the oldest look, so that none is cut in two
 * between pages: a page ends where its oldest look's grant was given.
 */
async function readEntries(
  ledger: Ledger,
  subscriber: Subscriber,
  before: number | null,
  enough: (entries: SeenEntry[]) => boolean,
): Promise<{ entries: SeenEntry[]; olderBefore: number | null }> {
  const entries: SeenEntry[] = []
  let next = before
  for (;;) {
    const read = await ledger.entriesAbout(subscriber.subject, {
      limit: PAGE,
      ...(next === null ? {} : { before: next }),
    })
    const hers = withinTenure(read, subscriber)
    entries.push(...hers)
    const last = read.at(-1)
    if (last === undefined || read.length < PAGE || last.at < subscriber.tenureFrom * 1000)
      return { entries, olderBefore: null }
    next = last.index
    const whole = looksOf(entries).every((look) => isWhole(look, entries))
    if ((enough(entries) && whole) || entries.length >= MOST) return { entries, olderBefore: next }
  }
}

/** Whose tenure an entry is about: the number may have a new holder, who must not read it. */
function tenureOf({ body }: Pick<SeenEntry, 'body'>): unknown {
  return (body as { tenure?: unknown } | null)?.tenure
}

function isWhole(look: Look, entries: readonly SeenEntry[]): boolean {
  return entries.some((entry) => entry.kind === 'grant' && look.entries.includes(entry.index))
}

/**
 * A number's other holders have entries under the same pseudonym, which are not hers to see: those about another tenure,
 * whenever they were written, and of those that name none, what was before her time.
 */
function withinTenure(entries: readonly StoredEntry[], subscriber: Subscriber): StoredEntry[] {
  return entries.filter((entry) => {
    const tenure = entry.opening?.tenure ?? tenureOf(entry)
    if (typeof tenure === 'string') return tenure === subscriber.tenure
    return entry.at >= subscriber.tenureFrom * 1000
  })
}

/** For a look that is not in her ledger, or not hers. */
export function lookNotFound(): Refusal {
  return refuse('look-not-found', 'There is no such look at your calls.', 'Go back to all looks.')
}
