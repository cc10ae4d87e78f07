import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { type Command, InvalidArgumentError } from 'commander'
import { buildVerifyPage } from '../ledger/evidence/build-page.ts'
import { type Evidence, makeEvidence } from '../ledger/evidence/make-bundle.ts'
import { CodedError } from '../platform/coded-error.ts'
import { withCoreRooms } from './core-rooms.ts'
import { type DataOptions, dataOption, jsonOption, passphraseOption } from './options.ts'
import { print } from './terminal.ts'

interface EvidenceOptions extends DataOptions {
  readonly entries: number[]
  readonly withhold?: number[]
  readonly out: string
  readonly reason: string
  readonly case?: string
  readonly policy?: string
  readonly json?: boolean
}

/** `countersign evidence`. */
export function addEvidenceCommand(program: Command): void {
  program
    .command('evidence')
    .description(
      'put entries, their proofs and what was shown into one zip that opens without us; it is an entry too',
    )
    .requiredOption('--entries <list>', 'numbers and ranges, as 4711,4712,4720-4729', entryList)
    .option('--withhold <list>', 'of these, header and proof only', entryList)
    .requiredOption('--out <file>', 'where to write the zip; never over a file that exists')
    .requiredOption('--reason <text>', 'what it is for; it stands in the ledger and in the zip')
    .option('--case <serial>', 'the serial of the case')
    .option('--policy <file>', 'another tlog-policy than the log’s own, to go with it')
    .addOption(dataOption())
    .addOption(passphraseOption())
    .addOption(jsonOption())
    .action(evidence)
}

async function evidence(options: EvidenceOptions): Promise<void> {
  if (existsSync(options.out)) throw new InvalidArgumentError(`${options.out} exists: name another --out`)
  const policy = options.policy === undefined ? null : readFileSync(options.policy, 'utf8')
  const made = await make(options, policy)
  try {
    writeFileSync(options.out, made.zip, { flag: 'wx', mode: 0o600 })
  } catch (cause) {
    throw new CodedError(
      'evidence-unwritten',
      `${options.out} could not be written; entry ${made.sealedBy} says that a bundle was made: make another`,
      { cause },
    )
  }
  const { sealedBy, size, zip } = made
  print(options.json === true, { out: options.out, bytes: zip.length, sealedBy, size }, () => [
    `${options.out}: ${options.entries.length} entries under the checkpoint for ${size}; entry ${sealedBy} says so.`,
    `Check it with: countersign verify ${options.out}, or with the verify.html inside it.`,
  ])
}

async function make(options: EvidenceOptions, policy: string | null): Promise<Evidence> {
  const { evidenceOf } = await import('../rooms.ts')
  const { entries, withhold, reason } = options
  return withCoreRooms(options, (rooms) =>
    makeEvidence(
      { ...evidenceOf(rooms), page: async () => (await buildVerifyPage()).html, policy },
      {
        entries,
        reason,
        ...(withhold === undefined ? {} : { withhold }),
        ...(options.case === undefined ? {} : { caseSerial: options.case }),
      },
    ),
  )
}

const MOST = 1_000

function entryList(text: string): number[] {
  const wrong = () =>
    new InvalidArgumentError(`numbers and ranges are expected, ${MOST} entries at most: 4711,4720-4729.`)
  const numbers = text.split(',').flatMap((part) => {
    const match = /^(\d{1,15})(?:-(\d{1,15}))?$/.exec(part.trim())
    if (match === null) throw wrong()
    const from = Number(match[1])
    const until = Number(match[2] ?? from)
    if (until < from || until - from >= MOST) throw wrong()
    return Array.from({ length: until - from + 1 }, (_, i) => from + i)
  })
  if (numbers.length > MOST) throw wrong()
  return numbers
}
