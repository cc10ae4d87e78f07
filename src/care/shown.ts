import { createHash } from 'node:crypto'
import { CodedError } from '../platform/coded-error.ts'
import type { Sealer } from '../platform/sealer.ts'
import type { Subject } from '../vault/subject.ts'
import { readLooksShownTo, readRenderings, readShownLooks, readWindowsShownTo } from './look-store.ts'
import type { On } from './parties.ts'

/** What the desk has shown of one customer's log, exactly as it stood there: for an incident to open, and for nobody else. */

export interface ShownLook {
  /** The grant. */
  readonly id: string
  readonly staff: string
  readonly subject: Subject
  readonly deskName: string
  readonly office: string
  readonly tenure: string
  readonly purpose: string
  readonly month: string
  readonly grantedAt: number
  readonly endedAt: number | null
  readonly channel: string
  /** The telephony system said that the number was on this desk's line. */
  readonly confirmed: boolean
  readonly brokenGlass: boolean
  /** Rows shown, those that answered the question, and those of the period. */
  readonly rowsShown: number
  readonly answering: number | null
  readonly rowsTotal: number | null
  readonly renderings: readonly ShownRendering[]
}

export interface ShownRendering {
  /** The ledger's id of the disclosure entry that commits to it. */
  readonly entry: string
  readonly at: number
  /** Hex of SHA-256 over salt and text: what the disclosure entry says. */
  readonly commitment: string
  readonly text: string
}

export type ShownFault = 'rendering-broken'

const SALT_BYTES = 32

/**
 * Every look that showed something of this subject before `before` (ms), with its renderings opened. Whoever calls
 * this has an entry in the ledger that says so.
 * @throws CodedError `rendering-broken` when one does not open: then somebody changed the row.
 */
export async function openShownLooks(
  on: On,
  sealer: Sealer,
  of: { subject: Subject; before: number },
): Promise<ShownLook[]> {
  return withRenderings(on, sealer, await readShownLooks(on, of), of.before)
}

/** What one person was shown from `from` to `until` (ms, half open), of whomever; as above. */
export async function openShownTo(
  on: On,
  sealer: Sealer,
  of: { staff: string; from: number; until: number },
): Promise<ShownLook[]> {
  const looks = await withRenderings(on, sealer, await readLooksShownTo(on, of), of.until)
  return looks
    .map((look) => ({ ...look, renderings: look.renderings.filter(({ at }) => at >= of.from) }))
    .filter(({ renderings }) => renderings.length > 0)
}

/** Whose log, and which seconds of it, were opened for a person; nothing is unsealed. For a hold. */
export async function windowsShownTo(
  on: On,
  staff: string,
): Promise<{ subject: Subject; from: number; until: number }[]> {
  const windows = await readWindowsShownTo(on, staff)
  return windows.map(({ subject, fromSecond, untilSecond }) => ({
    subject,
    from: fromSecond,
    until: untilSecond,
  }))
}

async function withRenderings(
  on: On,
  sealer: Sealer,
  looks: readonly Omit<ShownLook, 'renderings'>[],
  before: number,
): Promise<ShownLook[]> {
  const renderings = await readRenderings(
    on,
    looks.map(({ id }) => id),
    before,
  )
  const byLook = Map.groupBy(renderings, ({ look }) => look)
  return looks.map((look) => ({
    ...look,
    renderings: (byLook.get(look.id) ?? []).map((row) => openRendering(sealer, row)),
  }))
}

function openRendering(
  sealer: Sealer,
  row: { entry: string; look: string; at: number; sealed: Buffer },
): ShownRendering {
  let salted: Buffer
  try {
    salted = sealer.open('care-rendering', row.look, row.sealed)
  } catch (cause) {
    throw new CodedError<ShownFault>('rendering-broken', 'a sealed rendering does not open', { cause })
  }
  return {
    entry: row.entry,
    at: row.at,
    commitment: createHash('sha256').update(salted).digest('hex'),
    text: salted.subarray(SALT_BYTES).toString('utf8'),
  }
}
