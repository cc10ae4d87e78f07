import { CodedError } from '../../platform/coded-error.ts'
import { encodeBase64, parseBase64 } from '../base64.ts'
import { HASH_BYTES } from '../merkle.ts'
import { VRF_KEY_BYTES } from './ecvrf.ts'

/** Entry n of the second log: the map of subjects as it was after epoch n. Runs in browsers. */
export interface Epoch {
  /** From 0 on; the entry's index in the second log. */
  readonly epoch: number
  /** How many entries of the ledger it covers. */
  readonly ledgerSize: number
  /** Of the map, 32 bytes. */
  readonly root: Uint8Array
  /** What labels are proven with, 32 bytes; the same for ever. */
  readonly vrfKey: Uint8Array
  /** When the operator made it, milliseconds since 1970 UTC: its word; when it was there at the latest, witnesses say. */
  readonly at: number
}

export type EpochFault = 'epoch-malformed'

const FIRST_LINE = 'countersign subjects epoch v1'

/** The entry's text: six lines. */
export function encodeEpoch({ epoch, ledgerSize, root, vrfKey, at }: Epoch): string {
  return `${FIRST_LINE}\n${epoch}\n${ledgerSize}\n${encodeBase64(root)}\n${encodeBase64(vrfKey)}\n${at}\n`
}

/** The inverse; every epoch has one text. @throws CodedError `epoch-malformed` */
export function parseEpoch(text: string): Epoch {
  const [first, epoch, ledgerSize, root, vrfKey, at, end, ...more] = text.split('\n')
  if (first !== FIRST_LINE || end !== '' || more.length > 0) throw malformed('it has other lines')
  return {
    epoch: countOf(epoch),
    ledgerSize: countOf(ledgerSize),
    root: bytesOf(root, HASH_BYTES),
    vrfKey: bytesOf(vrfKey, VRF_KEY_BYTES),
    at: countOf(at),
  }
}

function countOf(text = ''): number {
  const count = Number(text)
  if (/^(0|[1-9][0-9]{0,15})$/.test(text) && Number.isSafeInteger(count)) return count
  throw malformed('a number is no count')
}

function bytesOf(text: string | undefined, length: number): Uint8Array {
  try {
    const bytes = parseBase64(text ?? '')
    if (bytes.length === length) return bytes
  } catch {
    // Said below, for every text that is not so many bytes in base64.
  }
  throw malformed(`something is not ${length} bytes in base64`)
}

function malformed(what: string): CodedError<EpochFault> {
  return new CodedError('epoch-malformed', `not an epoch: ${what}`)
}
