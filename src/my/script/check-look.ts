import type { Checkpoint } from '../../ledger/checkpoint.ts'
import type { ProofBundle } from '../../ledger/ledger.ts'
import { CodedError } from '../../platform/coded-error.ts'
import { type Look, looksOf, type SeenEntry } from '../looks.ts'
import { type Reader, sentenceOf, textOf } from '../sentence.ts'
import { checkExtends, type FetchBytes } from './register.ts'
import { checkSignatures } from './signatures.ts'
import { entryVerifier } from './verify-entries.ts'

export type LookFault = 'sentence-differs' | 'look-missing' | 'order-wrong'

/** What the page shows of a look, as this browser sees it. */
export interface ShownLook {
  readonly look: string
  readonly sentence: string
  /** Epoch ms, of the line's time. */
  readonly from: number
}

/**
 * Checks one look with nothing but the register's key and checkpoint: each entry against its commitments, those
 * against the tree, the tree against the signature and against the newest checkpoint; then makes the sentence again
 * from the checked entries and compares it with the one on the page.
 * @throws CodedError of the first thing that does not hold.
 */
export async function checkLook(
  shown: ShownLook,
  bundles: readonly ProofBundle[],
  register: { verifierKey: string; head: Checkpoint; reader: Reader; fetchBytes: FetchBytes },
): Promise<Look> {
  const entries: SeenEntry[] = []
  const sizes = new Map<number, Checkpoint>()
  const { verifierKey } = register
  const verified = await checkSignatures(async (verify) => bundles.map(entryVerifier(verifierKey, verify)))
  for (const { index, header, body, checkpoint } of verified) {
    sizes.set(checkpoint.size, checkpoint)
    if (body === null) throw new CodedError<LookFault>('look-missing', 'an entry has no body')
    entries.push({ index, kind: body.event ?? header.kind, at: body.at, body: body.says })
  }
  for (const checkpoint of sizes.values()) {
    const [older, newer] =
      checkpoint.size <= register.head.size ? [checkpoint, register.head] : [register.head, checkpoint]
    await checkExtends(older, newer, register.fetchBytes)
  }
  const look = looksOf(entries).find((one) => one.look === shown.look)
  if (look === undefined) throw new CodedError<LookFault>('look-missing', 'the entries are of another look')
  requireOrder(entries)
  const same = textOf(sentenceOf(look, register.reader)) === shown.sentence && look.from === shown.from
  if (!same)
    throw new CodedError<LookFault>('sentence-differs', 'the page says something else than the entries')
  return look
}

/** The grant stands before what it opened, and each opening before what was shown. */
function requireOrder(entries: readonly SeenEntry[]): void {
  const first = (kind: string) =>
    entries
      .filter((e) => e.kind === kind)
      .map((e) => e.index)
      .sort((a, b) => a - b)[0]
  const grant = first('grant')
  const shown = first('disclosure')
  const opened = entries
    .filter((e) => ['reveal', 'match', 'unmask', 'statement'].includes(e.kind))
    .map((e) => e.index)
  const reveal = opened.length === 0 ? undefined : Math.min(...opened)
  const wrong =
    (grant !== undefined && reveal !== undefined && grant > reveal) ||
    (shown !== undefined && (reveal === undefined || reveal > shown))
  if (wrong) throw new CodedError<LookFault>('order-wrong', 'something was shown before it was written down')
}
