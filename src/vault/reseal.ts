import { type CollectedRows, createBlockMerger } from '../calls/block-merger.ts'
import type { KeyService } from '../keys/key-service.ts'
import { deriveBlockKey, findBlockKey, openBlock, type SealedBlock, sealBlock, tweakName } from './block.ts'
import { type Calendar, monthName } from './calendar.ts'
import type { TenureRow } from './store.ts'

/** What sealing anew works with. */
export interface ResealParties {
  readonly keys: KeyService
  readonly calendar: Calendar
  readonly nextSequence: () => Promise<number>
}

/** Seals the rows of `blocks` (one subject's, in order of filing) anew; says which blocks go and which come. */
export type Reseal = (
  blocks: readonly SealedBlock[],
  tenures: readonly TenureRow[],
) => Promise<{ gone: SealedBlock[]; made: SealedBlock[] }>

interface Group {
  readonly tenure: string
  readonly month: number
  readonly rows: CollectedRows
}

/** The stored tenure of an instant: '' when nobody is registered then. */
export function tenureAt(tenures: readonly TenureRow[], start: number): string {
  for (const { tenure, from_s, until_s } of tenures) {
    if (start >= from_s && (until_s === null || start < until_s)) return tenure
  }
  return ''
}

/**
 * Makes ready to seal blocks of any number of subjects anew: one block for each tenure and month of a subject. Rows of a
 * destroyed month or tenure stay as they are: their blocks are not among the `gone`.
 */
export function createReseal(parties: ResealParties): Reseal {
  const merger = createBlockMerger()
  return async (blocks, tenures) => {
    const findKey = createKeyFinder(parties.keys)
    const groups = new Map<string, Group>()
    const groupOf = (month: number, tenure: string): Group => {
      const name = `${month} ${tenure}`
      const group = groups.get(name) ?? { tenure, month, rows: merger.collect() }
      groups.set(name, group)
      return group
    }
    const gone: SealedBlock[] = []
    for (const block of blocks) {
      const key = await findKey(block)
      if (key === null) continue
      const rows = merger.read(openBlock(key, block))
      let group: Group | undefined
      for (let at = 0; at < rows.count; at++) {
        const tenure = tenureAt(tenures, rows.startOf(at))
        if (group === undefined || group.tenure !== tenure) group = groupOf(block.month, tenure)
        group.rows.add(rows, at)
      }
      gone.push(block)
    }
    const made: SealedBlock[] = []
    for (const group of groups.values()) made.push(await sealGroup(parties, gone[0]!.subject, group))
    return { gone, made }
  }
}

async function sealGroup(
  { keys, calendar, nextSequence }: ResealParties,
  subject: Buffer,
  { tenure, month, rows }: Group,
): Promise<SealedBlock> {
  const sequence = await nextSequence()
  const tweak = await keys.tweak(tweakName(subject, tenure))
  const key = deriveBlockKey(await keys.monthKey(monthName(month)), tweak, subject, month)
  const { plain, first, last } = rows.encode()
  const place = {
    subject,
    tenure,
    month,
    firstDay: calendar.dayOf(first),
    lastDay: calendar.dayOf(last),
    sequence,
  }
  return { ...place, sealed: sealBlock(key, place, plain) }
}

/** Blocks of one subject, month and tenure have one key: it is looked up once for all of them. */
function createKeyFinder(keys: KeyService): (block: SealedBlock) => Promise<Buffer | null> {
  const found = new Map<string, Buffer | null>()
  return async (block) => {
    const name = `${block.month} ${block.tenure}`
    let key = found.get(name)
    if (key === undefined) {
      key = await findBlockKey(keys, block)
      found.set(name, key)
    }
    return key
  }
}
