import type { E164 } from '../calls/call-record.ts'
import { openShownTo, type ShownLook } from '../care/shown.ts'
import type { StoredEntry } from '../ledger/entry.ts'
import { CodedError } from '../platform/coded-error.ts'
import type { Subject } from '../vault/subject.ts'
import { type Exposed, exposedIn } from './exposed.ts'
import type { IncidentParties } from './parties.ts'

export type ExposureFault = 'exposure-not-committed'

/** What was shown to a person, held against the ledger. */
export interface Exposure extends Exposed {
  /** The telephone number of each customer, in the order of `customers`; null where nobody holds it any more. */
  readonly numbers: readonly (E164 | null)[]
  /** How many disclosure entries stand behind it. */
  readonly disclosures: number
}

const PAGE = 500

/**
 * Exactly what a person was shown from `from` to `until` (ms, half open): every rendering is held against the
 * disclosure entry that commits to it, and every disclosure entry against its rendering. Whoever calls this has an
 * entry in the ledger that says so.
 * @throws CodedError `exposure-not-committed` when one is there without the other
 */
export async function openExposure(
  parties: IncidentParties,
  of: { staff: string; from: number; until: number },
): Promise<Exposure> {
  const looks = await openShownTo(parties.db, parties.keys.sealer, of)
  const entries = (await entriesBy(parties, of.staff)).filter(
    ({ kind, body }) =>
      kind === 'disclosure' &&
      body !== null &&
      typeof body.at === 'number' &&
      body.at >= of.from &&
      body.at < of.until,
  )
  compare(looks, entries)
  const fields = new Set(
    entries.flatMap(({ body }) => (Array.isArray(body?.fields) ? body.fields.map(String) : [])),
  )
  const exposed = exposedIn(looks, fields)
  const numbers = await Promise.all(
    exposed.customers.map(async ({ subject, tenure }) => {
      const holder = await parties.customers.bySubject(parties.db, subject as Subject)
      // The number may have a new holder, who has nothing to do with it.
      return holder?.tenure === tenure ? holder.number : null
    }),
  )
  return { ...exposed, numbers, disclosures: entries.length }
}

function compare(looks: readonly ShownLook[], entries: readonly StoredEntry[]): void {
  const said = new Map(entries.map((entry) => [entry.id as string, entry.body?.rendering]))
  const shown = looks.flatMap(({ renderings }) => renderings)
  const held = shown.every(({ entry, commitment }) => said.get(entry) === commitment)
  if (!held || shown.length !== said.size)
    throw new CodedError<ExposureFault>(
      'exposure-not-committed',
      'what was shown to this person is not what the ledger says was shown',
    )
}

async function entriesBy({ ledger }: IncidentParties, staff: string): Promise<StoredEntry[]> {
  await ledger.sequence()
  const all: StoredEntry[] = []
  for (let before: number | undefined; ; ) {
    const page = await ledger.entriesBy(staff, {
      limit: PAGE,
      ...(before === undefined ? {} : { before }),
    })
    all.push(...page)
    before = page.at(-1)?.index
    if (page.length < PAGE || before === undefined) return all
  }
}
