import { execFile } from 'node:child_process'
import { accessSync, constants, existsSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type pg from 'pg'
import { readColumnMap } from './calls/formats/column-map.ts'
import { readNumberList } from './calls/formats/number-list.ts'
import { doorsAreMarked } from './doors-from-before.ts'
import type { Instance } from './instance.ts'
import { openKeys } from './keys/key-directory.ts'
import type { KeyService } from './keys/key-service.ts'
import type { Unlock } from './keys/root-file.ts'
import { verifyCheckpoint } from './ledger/checkpoint.ts'
import { nodeVerifyEd25519 } from './ledger/node-crypto.ts'
import { parseVerifierKey } from './ledger/note.ts'
import { readHead } from './ledger/store.ts'
import { askWitness } from './ledger/witness/ask-witness.ts'
import { verifierKeyOf } from './ledger-key.ts'
import { readOperator } from './operator.ts'
import type { Clock } from './platform/clock.ts'
import { CodedError } from './platform/coded-error.ts'
import type { Config } from './platform/config.ts'
import { type Db, requireServer } from './platform/database.ts'
import { createMailer } from './platform/mail.ts'
import { readSchemaState } from './platform/migrate.ts'
import { tryBind } from './platform/sms/smpp-session.ts'
import { findStrangers } from './platform/strangers.ts'
import { countBeginnings } from './staff/command-line.ts'
import { createDoorMarks } from './staff/door-marks.ts'
import { readTrust } from './trust.ts'

/** What a check came to; `unset` is nothing that is wrong, only nothing that is there. */
export type Health = 'well' | 'unset' | 'warning' | 'wrong'

/** One check: what is so, and what to do where it should be otherwise. No secret and no number stands in it. */
export interface Finding {
  readonly check: string
  readonly health: Health
  readonly says: string
  readonly next: string | null
}

/** What is looked at. Nothing of it is changed. */
export interface Patient {
  readonly config: Config
  readonly instance: Instance
  readonly pool: pg.Pool
  readonly db: Db
  readonly unlock: Unlock
  readonly clock: Clock
}

const WAIT_MS = 8_000
const GIGABYTE = 2 ** 30
const MOST_SKEW_MS = 2_000

/**
 * Looks at everything an instance stands on, in the order in which one would mend it. A check that fails takes none of
 * the others with it.
 */
export async function examine(patient: Patient): Promise<Finding[]> {
  const keys = await openKeys(patient.instance.keyDirectory, patient.unlock).catch((error) => error)
  const usable = keys instanceof Error ? null : (keys as KeyService)
  const checks: [string, () => Promise<Finding[]>][] = [
    ['database', () => checkDatabase(patient)],
    ['schema', () => checkSchema(patient, usable)],
    ['keys', async () => [usable === null ? keysFailed(keys) : well('keys', 'the keys open')]],
    ['ledger', () => checkLedger(patient, usable)],
    ['clock', () => checkClock(patient)],
    ['disk', () => checkDisk(patient)],
    ['operator', async () => checkOperator(patient)],
    ['people', () => checkPeople(patient)],
    ['sms-centre', () => checkSmsCentre(patient.config)],
    ['telephony', () => checkTelephony(patient.config)],
    ['mail', () => checkMail(patient.config)],
    ['witnesses', () => checkWitnesses(patient)],
    ['intake', async () => checkIntake(patient)],
  ]
  try {
    const findings: Finding[] = []
    for (const [name, check] of checks)
      findings.push(...(await check().catch((error) => [failed(name, error)])))
    return findings
  } finally {
    usable?.close()
  }
}

async function checkDatabase({ pool, instance, config }: Patient): Promise<Finding[]> {
  const version = await requireServer(pool)
  const where = config.databaseUrl === null ? 'the embedded database' : 'the server of DATABASE_URL'
  const claimed = await pool
    .query<{ id: string }>('SELECT id FROM platform.instance')
    .then(({ rows: [row] }) => row?.id ?? null)
    .catch(() => null)
  if (claimed !== null && claimed !== instance.id)
    return [
      wrong(
        'database',
        `${where} belongs to another instance than ${instance.dataDirectory}`,
        'point --data at its own directory, or DATABASE_URL at another database',
      ),
    ]
  return [well('database', `${where} answers: PostgreSQL ${version}`)]
}

async function checkSchema({ pool, db, instance }: Patient, keys: KeyService | null): Promise<Finding[]> {
  const { waiting, unknown } = await readSchemaState(pool)
  if (unknown.length > 0)
    return [
      wrong(
        'schema',
        `the database was migrated by a newer version (${unknown.join(', ')})`,
        'run that version: this one refuses to start',
      ),
    ]
  const strangers = await findStrangers(pool)
  if (strangers.length > 0)
    return [
      wrong(
        'schema',
        `what no migration made acts in the database: ${strangers.join(', ')}`,
        'ask who made it and why, then take it away; texts and entries since may not be what they were',
      ),
    ]
  const isMarked = keys !== null && waiting.length === 0 && doorsAreMarked(instance)
  const doors = isMarked ? await createDoorMarks(keys).foreign(db) : []
  if (doors.length > 0)
    return [
      wrong(
        'schema',
        `what lets somebody in was not written by us: ${doors.join(', ')}`,
        'it lets nobody in; ask who wrote it, then have the passkey or the device made anew',
      ),
    ]
  if (waiting.length === 0) return [well('schema', 'every migration has run, and nothing else acts in it')]
  return [
    warning(
      'schema',
      `${waiting.length} migrations have not run yet, ${waiting[0]} first`,
      'back up, then start the server: it runs them before it listens',
    ),
  ]
}

function keysFailed(error: unknown): Finding {
  const next: Record<string, string> = {
    'keys-missing': 'restore the key directory from its backup: without it nothing opens',
    'keys-exposed': 'take the rights away from everybody but the owner (chmod 700 and 600)',
    'passphrase-wrong': 'use the passphrase that the keys were wrapped under last',
  }
  const code = error instanceof CodedError ? error.code : ''
  return wrong('keys', sayOf(error), next[code] ?? 'restore the key directory from its backup')
}

async function checkLedger({ pool, instance }: Patient, keys: KeyService | null): Promise<Finding[]> {
  const head = await readHead(pool).catch(() => null)
  if (head === null) return [unset('ledger', 'there is no entry yet', 'the first start begins it')]
  if (keys === null) return [unset('ledger', 'not looked at: the keys do not open', null)]
  const key = parseVerifierKey(verifierKeyOf(instance, keys))
  const { size } = verifyCheckpoint(head.note, key, nodeVerifyEd25519)
  const next = '"countersign verify --data" reads every one'
  return [{ ...well('ledger', `${size} entries under a checkpoint of this key`), next }]
}

/** The database's clock against ours, and whether the machine says that it keeps the time. */
async function checkClock({ pool, clock }: Patient): Promise<Finding[]> {
  const asked = clock.now()
  const { rows } = await pool.query<{ ms: string }>(
    'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint::text AS ms',
  )
  const answered = clock.now()
  const skew = Math.abs(Number(rows[0]!.ms) - (asked + answered) / 2) - (answered - asked) / 2
  if (skew > MOST_SKEW_MS)
    return [
      wrong(
        'clock',
        `the database's clock and this machine's are ${Math.round(skew / 1000)} s apart`,
        'keep both with NTP: grants end by them, and entries say when',
      ),
    ]
  const kept = await promisify(execFile)('timedatectl', [
    'show',
    '--property=NTPSynchronized',
    '--value',
  ]).then(
    ({ stdout }) => stdout.trim(),
    () => '',
  )
  if (kept === 'yes') return [well('clock', 'the machine keeps the time by NTP')]
  return [
    warning(
      'clock',
      kept === 'no'
        ? 'the machine does not keep the time by NTP'
        : 'the machine does not say whether it keeps the time',
      'run an NTP client: grants, deadlines and entries go by this clock',
    ),
  ]
}

async function checkDisk({ instance }: Patient): Promise<Finding[]> {
  const found: Finding[] = []
  for (const [what, place] of [
    ['data', instance.dataDirectory],
    ['keys', instance.keyDirectory],
  ] as const) {
    const { bsize, bavail, blocks } = await statfs(place)
    const free = bsize * bavail
    const says = `${what}: ${(free / GIGABYTE).toFixed(1)} GB free, ${Math.round((100 * bavail) / blocks)}%`
    const next = 'make room: when it is full, nothing can be shown, for nothing can be recorded'
    if (free < GIGABYTE) found.push(wrong('disk', says, next))
    else found.push(bavail / blocks < 0.1 ? warning('disk', says, next) : well('disk', says))
  }
  return found
}

function checkOperator({ instance, config }: Patient): Finding[] {
  const { name, jurisdiction } = readOperator(instance, config)
  const says = `${name.en}, ${jurisdiction.country}, ${jurisdiction.currency.code}, UTC offset ${jurisdiction.offsetMinutes} min`
  if (instance.born === 'demo' || existsSync(join(instance.dataDirectory, 'operator.json')))
    return [well('operator', says)]
  return [
    warning(
      'operator',
      `${says}; its own number ranges are not known`,
      'write operator.json in the data directory (docs/running.md): else its own numbers are not told from others’',
    ),
  ]
}

async function checkPeople({ db, clock }: Patient): Promise<Finding[]> {
  const { administrators, conduct } = await countBeginnings(db, clock.now())
  if (administrators < 2)
    return [
      warning(
        'people',
        `${administrators} active administrators`,
        'add a second with "countersign staff add": whoever loses a passkey needs another to enrol a new one',
      ),
    ]
  if (conduct) return [well('people', `${administrators} active administrators, a code of conduct in force`)]
  return [
    warning(
      'people',
      `${administrators} active administrators, no code of conduct`,
      'the privacy officer publishes one: unsigned means no looks',
    ),
  ]
}

async function checkSmsCentre({ smsc, demo }: Config): Promise<Finding[]> {
  if (smsc === null) return [needed('sms-centre', 'COUNTERSIGN_SMSC', demo)]
  const status = await tryBind(smsc, WAIT_MS)
  if (status === 0) return [well('sms-centre', 'it takes our bind (SMPP 3.4)')]
  return [
    wrong(
      'sms-centre',
      status === null ? 'it cannot be reached' : `it refuses our bind (command status ${status})`,
      status === null
        ? 'check host and port in COUNTERSIGN_SMSC, and the way there'
        : 'check user and password in COUNTERSIGN_SMSC with its operator',
    ),
  ]
}

async function checkTelephony({ telephony, demo }: Config): Promise<Finding[]> {
  if (telephony === null) return [needed('telephony', 'COUNTERSIGN_TELEPHONY_URL', demo)]
  const { hostname, port, protocol } = new URL(telephony.url)
  const reached = await new Promise<boolean>((resolve) => {
    const socket = connect({ host: hostname, port: Number(port) || (protocol === 'https:' ? 443 : 80) })
    const end = (is: boolean): void => {
      socket.destroy()
      resolve(is)
    }
    socket.setTimeout(WAIT_MS, () => end(false))
    socket.once('connect', () => end(true))
    socket.once('error', () => end(false))
  })
  if (reached) return [well('telephony', 'it can be reached')]
  return [wrong('telephony', 'it cannot be reached', 'check COUNTERSIGN_TELEPHONY_URL, and the way there')]
}

async function checkMail({ mail, alarmTo }: Config): Promise<Finding[]> {
  const mailer = createMailer(mail)
  if (mailer === null)
    return [unset('mail', 'not configured', 'set COUNTERSIGN_SMTP to send statements by e-mail')]
  try {
    await mailer.check()
    if (alarmTo.length > 0) return [well('mail', 'the server lets us in')]
    const next = 'set COUNTERSIGN_ALARM_TO, so that somebody is mailed when the database is tampered with'
    return [{ ...well('mail', 'the server lets us in, and nobody is named for alarms'), next }]
  } catch (error) {
    return [wrong('mail', sayOf(error), 'check COUNTERSIGN_SMTP, and the way there')]
  } finally {
    mailer.close()
  }
}

async function checkWitnesses({ instance, pool }: Patient): Promise<Finding[]> {
  const witnesses = readTrust(instance)?.policy.witnesses ?? []
  if (witnesses.length === 0)
    return [
      warning(
        'witnesses',
        'nobody countersigns the ledger',
        'find two outsiders who do, and name them with "countersign policy --write" (docs/running.md)',
      ),
    ]
  const head = await readHead(pool)
  if (head === null) return [unset('witnesses', 'there is nothing to countersign yet', null)]
  return Promise.all(
    witnesses.map(async (witness) => {
      if (witness.url === null)
        return unset('witnesses', `${witness.name} has no address in the policy`, null)
      const ask = { oldSize: head.size, proof: [], note: head.note }
      const answer = await askWitness(witness, ask, AbortSignal.timeout(WAIT_MS))
      switch (answer.said) {
        case 'cosigned':
          return well('witnesses', `${witness.name} countersigns ${head.size} entries`)
        case 'size':
          return answer.size > head.size
            ? wrong(
                'witnesses',
                `${witness.name} has seen ${answer.size} entries, and there are ${head.size} here`,
                'an older state was restored: docs/running.md says what to do, before anything is appended',
              )
            : well('witnesses', `${witness.name} answers: it has seen ${answer.size} of ${head.size} entries`)
        case 'refused':
          return wrong(
            'witnesses',
            `${witness.name} refuses this log: ${answer.why}`,
            'stop, and find out why',
          )
        case 'nothing':
          return wrong(
            'witnesses',
            `${witness.name}: ${answer.why}`,
            'ask whoever runs it; the desk goes on meanwhile',
          )
      }
    }),
  )
}

function checkIntake({ instance, config }: Patient): Finding[] {
  const { intake } = config
  if (intake === null)
    return [
      unset('intake', 'no directory is watched', 'set COUNTERSIGN_INTAKE, or file with "countersign ingest"'),
    ]
  if (intake.map !== null) readColumnMap(intake.map)
  if (intake.numbers !== null) readNumberList(intake.numbers, readOperator(instance, config).plan)
  try {
    accessSync(intake.directory, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch {
    return [
      wrong(
        'intake',
        'its directory is not there, or not ours to read and write',
        'make it, and give it to the user that serves: files are moved out of it when they are filed',
      ),
    ]
  }
  return [well('intake', 'its directory can be read and written, its map and list of numbers are understood')]
}

function needed(check: string, setting: string, demo: boolean): Finding {
  if (demo) return unset(check, 'the demo brings its own', null)
  return wrong(
    check,
    'not configured',
    `set ${setting}: customers are verified through it, and serve does not start without`,
  )
}

function failed(check: string, error: unknown): Finding {
  return wrong(check, sayOf(error), 'mend that first; docs/running.md has the settings')
}

/** Our own words about an error; of another's, only its code: its text may hold anything. */
function sayOf(error: unknown): string {
  if (error instanceof CodedError) return error.message
  const { code } = error as NodeJS.ErrnoException
  return `it could not be looked at (${code ?? 'unknown'})`
}

function well(check: string, says: string): Finding {
  return { check, health: 'well', says, next: null }
}

function unset(check: string, says: string, next: string | null): Finding {
  return { check, health: 'unset', says, next }
}

function warning(check: string, says: string, next: string): Finding {
  return { check, health: 'warning', says, next }
}

function wrong(check: string, says: string, next: string): Finding {
  return { check, health: 'wrong', says, next }
}
