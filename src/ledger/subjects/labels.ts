import { CodedError } from '../../platform/coded-error.ts'
import type { Sealer } from '../../platform/sealer.ts'
import type { Queryable } from '../store.ts'
import { type VrfKey, vrfKeyOf } from './ecvrf.ts'
import { type LabelRow, readLabel, readLabels, saveLabel } from './epoch-store.ts'
import { type Holding, type ProvenLabel, proveLabel } from './label.ts'
import type { ChainKey } from './link.ts'

/** Everybody who ever held a number, earliest first; none when it is nobody's. The room of customers knows. */
export type Holders = (
  subject: string,
) => Promise<readonly { readonly number: string; readonly tenure: string }[]>

/** Labels are made once and kept, their proofs sealed: a proof tells whose label it is to whoever tries numbers. */
export interface Labels {
  readonly vrfKey: Uint8Array
  /** The labels of these chains; a chain whose tenure is nobody's has none. */
  ofChains(db: Queryable, keys: readonly ChainKey[]): Promise<(ChainKey & { label: Uint8Array })[]>
  /** Which holder of her number this is, and the labels of that and the next; null when the tenure is nobody's. */
  ofHolder(db: Queryable, key: ChainKey): Promise<HolderLabels | null>
}

export interface HolderLabels extends Holding {
  readonly own: ProvenLabel
  readonly next: ProvenLabel
}

export type LabelFault = 'label-taken'

/** What the key service derives the labels' key for. */
export const LABEL_PURPOSE = 'subject-label'

/** A holder with the dates, epoch seconds, half open. */
export interface HoldingDates {
  readonly number: string
  readonly tenure: string
  readonly from: number
  readonly until: number | null
}

/** Opens them under the key service's own secret for labels. */
export function createLabels(parties: {
  keys: { readonly sealer: Sealer; prfKey(purpose: string): Uint8Array }
  holders: Holders
}): Labels {
  const { holders } = parties
  const { sealer } = parties.keys
  const key = vrfKeyOf(new Uint8Array(parties.keys.prfKey(LABEL_PURPOSE)))
  const holdingOf = async ({ subject, tenure }: ChainKey): Promise<Holding | null> => {
    const all = await holders(subject)
    const at = all.findIndex((one) => one.tenure === tenure)
    return at < 0 ? null : { number: all[at]!.number, ordinal: at + 1 }
  }
  const ensure = (db: Queryable, subject: string, holding: Holding, tenure: string | null) =>
    ensureLabel(db, { key, sealer }, { subject, holding, tenure })
  return {
    vrfKey: key.publicKey,
    async ofChains(db, keys) {
      const known = await readLabels(db, keys)
      const labels: (ChainKey & { label: Uint8Array })[] = known.map((row) => ({
        subject: row.subject,
        tenure: row.tenure ?? '',
        label: row.label,
      }))
      const has = new Set(known.map((row) => `${row.subject}/${row.tenure}`))
      for (const chain of keys.filter(({ subject, tenure }) => !has.has(`${subject}/${tenure}`))) {
        const holding = await holdingOf(chain)
        if (holding === null) continue
        labels.push({ ...chain, label: (await ensure(db, chain.subject, holding, chain.tenure)).label })
      }
      return labels
    },
    async ofHolder(db, chain) {
      const holding = await holdingOf(chain)
      if (holding === null) return null
      const next = { ...holding, ordinal: holding.ordinal + 1 }
      return {
        ...holding,
        own: await ensure(db, chain.subject, holding, chain.tenure),
        next: await ensure(db, chain.subject, next, null),
      }
    },
  }
}

/** @throws CodedError `label-taken` when the label was another tenure's before: tenures were put in afterwards. */
async function ensureLabel(
  db: Queryable,
  { key, sealer }: { key: VrfKey; sealer: Sealer },
  wanted: { subject: string; holding: Holding; tenure: string | null },
): Promise<ProvenLabel> {
  const { subject, holding, tenure } = wanted
  const { ordinal } = holding
  const context = `${subject}/${ordinal}`
  const known = await readLabel(db, subject, ordinal)
  if (known !== null && (tenure === null || known.tenure === tenure))
    return { label: known.label, proof: sealer.open(LABEL_PURPOSE, context, known.proofSealed) }
  const proven = proveLabel(key, holding)
  const row: LabelRow = {
    subject,
    ordinal,
    tenure,
    label: proven.label,
    proofSealed: sealer.seal(LABEL_PURPOSE, context, proven.proof),
  }
  if (await saveLabel(db, row)) return proven
  throw new CodedError<LabelFault>(
    'label-taken',
    'an earlier holder was put in after a later one had looks: their labels can no longer be told apart',
  )
}
