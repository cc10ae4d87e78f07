import { Command, CommanderError, InvalidArgumentError } from 'commander'
import { addAcknowledgeRestoreCommand } from './commands/acknowledge-restore.ts'
import { addBackupCommands } from './commands/backup.ts'
import { addClientCommand } from './commands/client.ts'
import { addDemoCommand } from './commands/demo.ts'
import { addDoctorCommand } from './commands/doctor.ts'
import { addEraseCommand } from './commands/erase.ts'
import { addEvidenceCommand } from './commands/evidence.ts'
import { addImportCommand } from './commands/import.ts'
import { addIngestCommand } from './commands/ingest.ts'
import { addInitCommand } from './commands/init.ts'
import { addKeysCommand } from './commands/keys.ts'
import { addMirrorCommand } from './commands/mirror.ts'
import { addPolicyCommand } from './commands/policy.ts'
import { addQuarantineCommand } from './commands/quarantine.ts'
import { addReportCommand } from './commands/report.ts'
import { addRetentionCommand } from './commands/retention.ts'
import { addServeCommand } from './commands/serve.ts'
import { addStaffCommand } from './commands/staff.ts'
import { EXIT } from './commands/terminal.ts'
import { addTraceCommand } from './commands/trace.ts'
import { addVerifyCommand } from './commands/verify.ts'
import { addWatchCommand } from './commands/watch.ts'
import { addWitnessCommand } from './commands/witness.ts'
import { CodedError } from './platform/coded-error.ts'

const USAGE_CODES =
  /^(map|format|numbers|source|jurisdiction|config|policy|key)-|^(born-otherwise|passphrases-differ|passphrase-too-short)$/

const program = new Command('countersign')
  .description(
    'The one door to an operator’s call records: every look has a reason, a witness, and a customer who sees it.',
  )
  .version('0.1.0')
  .showHelpAfterError('(add --help for what it takes)')
  .configureHelp({ showGlobalOptions: true })
  .exitOverride()

addServeCommand(program)
addInitCommand(program)
addDoctorCommand(program)
addIngestCommand(program)
addImportCommand(program)
addQuarantineCommand(program)
addRetentionCommand(program)
addEraseCommand(program)
addVerifyCommand(program)
addTraceCommand(program)
addReportCommand(program)
addEvidenceCommand(program)
addBackupCommands(program)
addAcknowledgeRestoreCommand(program)
addStaffCommand(program)
addClientCommand(program)
addKeysCommand(program)
addDemoCommand(program)
addWatchCommand(program)
addWitnessCommand(program)
addPolicyCommand(program)
addMirrorCommand(program)

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
