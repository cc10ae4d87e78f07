import type { RawForm } from '../calls/source-record.ts'
import type { Sealer } from '../platform/sealer.ts'

/** A record that could not be read, as it lies in quarantine. */
export interface Quarantined {
  readonly file: number
  /** Line or byte offset within the file. */
  readonly position: number
  /** Plain words without any value of the record. */
  readonly reason: string
  readonly raw: Uint8Array
  /** How `raw` can be read again by itself; null when only the whole file can be. */
  readonly form: RawForm | null
  /** What the file was called; null when that was not kept. */
  readonly name: string | null
}

/** `{ reason, form, name }` as JSON, a zero byte, and the record as it stood, sealed for its place. */
export function sealQuarantined(sealer: Sealer, fault: Quarantined): Buffer {
  const { file, position, reason, raw, form, name } = fault
  const says = { reason, ...(form === null ? {} : { form }), ...(name === null ? {} : { name }) }
  const plain = Buffer.concat([Buffer.from(JSON.stringify(says)), Buffer.of(0), raw])
  return sealer.seal('quarantine', contextOf(file, position), plain)
}

/** The inverse of `sealQuarantined`. @throws CodedError `sealed-broken`. */
export function openQuarantined(
  sealer: Sealer,
  { file, position, sealed }: { file: number; position: number; sealed: Buffer },
): Quarantined {
  const plain = sealer.open('quarantine', contextOf(file, position), sealed)
  const end = plain.indexOf(0)
  const says = JSON.parse(plain.subarray(0, end).toString()) as Says
  const { reason, form = null, name = null } = says
  return { file, position, reason, raw: plain.subarray(end + 1), form, name }
}

interface Says {
  readonly reason: string
  readonly form?: RawForm
  readonly name?: string
}

function contextOf(file: number, position: number): string {
  return `vault.quarantine ${file} ${position}`
}
