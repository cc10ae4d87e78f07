import { outputOfProof, proveVrf, type VrfKey, verifyVrf } from './ecvrf.ts'
import { LABEL_BYTES } from './map-proof.ts'

/**
 * The label of a tenure in the map: the output of a verifiable random function over the number and which holder of it
 * this is, from 1 on. So there is one label a tenure and the operator cannot keep two; and from the map nobody can tell
 * whose numbers are in it, or try them out. Runs in browsers.
 */

/** A number (E.164, with the plus sign) and which holder of it. */
export interface Holding {
  readonly number: string
  readonly ordinal: number
}

/** A label with its proof. */
export interface ProvenLabel {
  /** 32 bytes. */
  readonly label: Uint8Array
  /** 80 bytes: whoever has it and the number can check the label. */
  readonly proof: Uint8Array
}

const TAG = 'countersign subject v1'

/** Makes the label; some milliseconds. */
export function proveLabel(key: VrfKey, holding: Holding): ProvenLabel {
  const proof = proveVrf(key, inputOf(holding))
  return { label: outputOfProof(proof).slice(0, LABEL_BYTES), proof }
}

/** The label that `proof` proves. @throws CodedError of the proof that does not hold. */
export function verifyLabel(vrfKey: Uint8Array, holding: Holding, proof: Uint8Array): Uint8Array {
  return verifyVrf(vrfKey, inputOf(holding), proof).slice(0, LABEL_BYTES)
}

function inputOf({ number, ordinal }: Holding): Uint8Array {
  return new TextEncoder().encode(`${TAG}\0${number}\0${ordinal}`)
}
