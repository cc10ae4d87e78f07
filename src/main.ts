import { Command, CommanderError, InvalidArgumentError } from 'commander'
import { EXIT } from './commands/terminal.ts'
import { CodedError } from './platform/coded-error.ts'

const USAGE_CODES =
  /^(map|format|numbers|source|jurisdiction|config|policy|key)-|^(born-otherwise|passphrases-differ|passphrase-too-short)$/

/** What adds a command, by its words. A command loads its own part of the product: all of it takes a second. */
const COMMANDS: readonly { words: readonly string[]; load(): Promise<(program: Command) => void> }[] = [
  { words: ['serve'], load: async () => (await import('./commands/serve.ts')).addServeCommand },
  { words: ['init'], load: async () => (await import('./commands/init.ts')).addInitCommand },
  { words: ['doctor'], load: async () => (await import('./commands/doctor.ts')).addDoctorCommand },
  { words: ['ingest'], load: async () => (await import('./commands/ingest.ts')).addIngestCommand },
  { words: ['import'], load: async () => (await import('./commands/import.ts')).addImportCommand },
  {
    words: ['quarantine'],
    load: async () => (await import('./commands/quarantine.ts')).addQuarantineCommand,
  },
  { words: ['retention'], load: async () => (await import('./commands/retention.ts')).addRetentionCommand },
  { words: ['erase'], load: async () => (await import('./commands/erase.ts')).addEraseCommand },
  { words: ['verify'], load: async () => (await import('./commands/verify.ts')).addVerifyCommand },
  { words: ['trace'], load: async () => (await import('./commands/trace.ts')).addTraceCommand },
  { words: ['report'], load: async () => (await import('./commands/report.ts')).addReportCommand },
  { words: ['evidence'], load: async () => (await import('./commands/evidence.ts')).addEvidenceCommand },
  {
    words: ['backup', 'restore'],
    load: async () => (await import('./commands/backup.ts')).addBackupCommands,
  },
  {
    words: ['acknowledge'],
    load: async () => (await import('./commands/acknowledge-restore.ts')).addAcknowledgeRestoreCommand,
  },
  { words: ['staff'], load: async () => (await import('./commands/staff.ts')).addStaffCommand },
  { words: ['client'], load: async () => (await import('./commands/client.ts')).addClientCommand },
  { words: ['keys'], load: async () => (await import('./commands/keys.ts')).addKeysCommand },
  { words: ['demo'], load: async () => (await import('./commands/demo.ts')).addDemoCommand },
  { words: ['watch'], load: async () => (await import('./commands/watch.ts')).addWatchCommand },
  { words: ['witness'], load: async () => (await import('./commands/witness.ts')).addWitnessCommand },
  { words: ['policy'], load: async () => (await import('./commands/policy.ts')).addPolicyCommand },
  { words: ['mirror'], load: async () => (await import('./commands/mirror.ts')).addMirrorCommand },
]

const program = new Command('countersign')
  .description(
    'The one door to an operator’s call records: every look has a reason, a witness, and a customer who sees it.',
  )
  .version('0.1.0')
  .showHelpAfterError('(add --help for what it takes)')
  .configureHelp({ showGlobalOptions: true })
  .exitOverride()

const named = COMMANDS.filter(({ words }) => words.includes(process.argv[2] ?? ''))
for (const { load } of named.length > 0 ? named : COMMANDS) (await load())(program)

try {
  await program.parseAsync()
} catch (error) {
  process.exitCode = tell(error)
}

/** Says what went wrong in one line, and gives the exit code. */
function tell(error: unknown): number {
  // One of those is the other too, but only what commander found by itself has been told of already.
  if (error instanceof InvalidArgumentError) {
    process.stderr.write(`countersign: ${error.message}\n`)
    return EXIT.usage
  }
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage
  if (error instanceof CodedError) {
    process.stderr.write(`countersign: ${error.message} (${error.code})\n`)
    return USAGE_CODES.test(error.code) ? EXIT.usage : EXIT.unavailable
  }
  const { code } = error as NodeJS.ErrnoException
  if (code === 'ECONNREFUSED' || code === 'ENOTFOUND') {
    process.stderr.write(
      `countersign: the database cannot be reached (${code}): check DATABASE_URL and that it runs\n`,
    )
    return EXIT.unavailable
  }
  // A bug: the whole story, for whoever mends it.
  console.error(error)
  return 70
}
