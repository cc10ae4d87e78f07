import { readFileSync, statSync } from 'node:fs'
import { InvalidArgumentError } from 'commander'
import { MAX_ARCHIVE_BYTES } from '../ledger/evidence/archive.ts'
import { type Fault, faultPlace, faultWords } from '../ledger/evidence/fault.ts'
import { fingerprintOf } from '../ledger/evidence/fingerprint.ts'
import { type BundleReport, verifyBundle } from '../ledger/evidence/verify-bundle.ts'
import { nodeSha256, nodeVerifyEd25519 } from '../ledger/node-crypto.ts'
import { EXIT, print } from './terminal.ts'

/** `countersign verify BUNDLE.zip [--key KEY]`: needs no data, no database and no network. */
export function verifyBundleFile(path: string, options: { key?: string; json?: boolean }): void {
  const bytes = readBundle(path)
  const report = verifyBundle(bytes, {
    crypto: { hash: nodeSha256, verify: nodeVerifyEd25519 },
    ...(options.key === undefined ? {} : { verifierKey: options.key.trim() }),
  })
  print(options.json === true, report, () => describe(report))
  if (!report.holds) process.exitCode = EXIT.no
}

function readBundle(path: string): Uint8Array {
  try {
    if (statSync(path).size <= MAX_ARCHIVE_BYTES) return readFileSync(path)
  } catch {
    throw new InvalidArgumentError(`the bundle ${path} cannot be read`)
  }
  throw new InvalidArgumentError(`the bundle ${path} is too large to be one`)
}

function describe(report: BundleReport): string[] {
  const { holds, keyGiven, verifierKey, entries, faults } = report
  const wrong = entries.filter((entry) => entry.faults.length > 0).length
  const first = !holds
    ? `DOES NOT HOLD: ${entries.length - wrong} of ${entries.length} entries hold by themselves.`
    : keyGiven
      ? `Holds: ${entries.length} entries, under the key given, in a log of ${report.size}.`
      : `Holds if the key is the log's: ${entries.length} entries in a log of ${report.size}.`
  const key =
    verifierKey === null
      ? []
      : [
          `Key ${keyGiven ? 'given' : 'from the bundle; compare it with the one printed in public, or give --key'}:`,
        ]
  return [
    first,
    ...key.flatMap((line) => [line, `  ${verifierKey}`, `  fingerprint ${fingerprintOf(verifierKey!)}`]),
    ...witnessLines(report),
    ...faults.map((fault) => `Bundle: ${sentence(fault)}`),
    ...entries.map((entry) =>
      entry.faults.length === 0
        ? `Entry ${entry.index}: holds${entry.bodyState === 'open' ? '' : ` (body ${entry.bodyState})`}${entry.shown === null ? '' : ', with exactly what was shown'}${entry.allowed === null ? '' : `, allowed by the customer’s own key (hers by entry ${entry.allowed.key.enrolledBy}): “${entry.allowed.allowance.says}”`}`
        : `Entry ${entry.index}: DOES NOT HOLD: ${entry.faults.map(sentence).join(' ')}`,
    ),
  ]
}

function witnessLines({ witnesses }: BundleReport): string[] {
  if (witnesses === null) return ['No witness countersigned its checkpoint.']
  const { by, strangers } = witnesses
  const enough = witnesses.enough ? 'enough' : 'not enough'
  return [
    by.length === 0
      ? 'No witness of the policy countersigned its checkpoint.'
      : `Countersigned by ${by.join(', ')}: ${enough} for the policy in the bundle.`,
    ...(strangers.length === 0
      ? []
      : [`Signed also by ${strangers.join(', ')}, whom the policy does not name: that proves nothing.`]),
  ]
}

function sentence(fault: Fault): string {
  const place = [faultPlace(fault), fault.detail ?? ''].filter((part) => part !== '').join(', ')
  return `${faultWords(fault).en}${place === '' ? '' : ` (${place})`}`
}
