import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ACCOUNTS } from '../../src/accounts.ts'
import { openProfile } from '../../src/customers/profile.ts'
import { initKeys, openKeys } from '../../src/keys/key-directory.ts'
import { verifyLedger } from '../../src/ledger/verify.ts'
import { verifyState } from '../../src/ledger/verify-state.ts'
import { verifierKeyOf } from '../../src/ledger-key.ts'
import { CodedError } from '../../src/platform/coded-error.ts'
import { csrfTokenOf } from '../../src/platform/http/cookies.ts'
import type { Sealer } from '../../src/platform/sealer.ts'
import { findStrangers } from '../../src/platform/strangers.ts'
import { openBrowser } from '../../src/steal/hands.ts'
import type { Attack } from './attack.ts'
import { onCluster } from './house.ts'
import { readOwnPages } from './outsiders.ts'
import {
  answerCall,
  askForLook,
  attempt,
  breakGlass,
  CUSTOMERS,
  closeContact,
  copyRows,
  idOf,
  keyInPin,
  lookWithPin,
  PEOPLE,
  type Scene,
  sitAt,
  written,
} from './scene.ts'

/** What somebody tries who holds the machine: its database, its backups, its files. */

const DBA = 'a database superuser'
const THIRI = 'M-17'

/** What `countersign verify` finds, as it is run by whoever checks. */
async function verify(scene: Scene): Promise<void> {
  const { world, ledger } = scene.house.server.rooms
  await ledger.sequence()
  const { pool } = world.database
  const { sealer } = world.keys
  const strangers = await findStrangers(pool)
  if (strangers.length > 0) await hearOfStrangers(scene, strangers)
  const begun = performance.now()
  const log = await verifyLedger({ pool, verifierKey: verifierKeyOf(world.instance, world.keys), sealer })
  const took = () => `${Math.max(1, Math.round((performance.now() - begun) / 1000))} s`
  if (!log.ok) {
    const entry =
      log.firstWrong === undefined
        ? ''
        : `, at entry ${log.firstWrong === target(scene) ? 'that was changed' : log.firstWrong}`
    scene.noticed.push({
      by: 'verify',
      how: `broken${entry}, once it is run (${took()})`,
      afterMs: null,
    })
    return
  }
  const state = await verifyState({ pool, sealer, accounts: ACCOUNTS })
  if (state.ok) return
  const codes = [...new Set(state.findings.map(({ code }) => code))].join(', ')
  scene.noticed.push({ by: 'verify', how: `unaccounted (${codes}), once it is run`, afterMs: null })
}

/** What the doctor and `verify` name, what health says, and the entry that the minute's look has written. */
async function hearOfStrangers(scene: Scene, strangers: readonly string[]): Promise<void> {
  const { rooms } = scene.house.server
  await rooms.schemaWatch.look()
  const health = (await (await fetch(`${scene.house.origin}/api/health`)).json()) as { alarms?: string[] }
  const alarm = health.alarms?.find((one) => one.startsWith('schema'))
  if (alarm !== undefined)
    scene.noticed.push({ by: 'the server', how: `its health says ${alarm}`, afterMs: null })
  const entries = await rooms.ledger.entries({ before: (await rooms.ledger.head()).size, limit: 500 })
  if (entries.some(({ kind }) => kind === 'strangers-found'))
    scene.noticed.push({ by: 'the ledger', how: 'strangers-found', afterMs: null })
  scene.noticed.push({
    by: 'verify',
    how: `not ours: ${strangers.join(', ')}, once it is run`,
    afterMs: null,
  })
}

const targets = new WeakMap<Scene, number>()
function target(scene: Scene): number | undefined {
  return targets.get(scene)
}

/** The newest entry that names the attacker's look. */
async function entryOfLook(scene: Scene): Promise<number> {
  const id = await idOf(scene.house, THIRI)
  await scene.house.server.rooms.ledger.sequence()
  const [row] = await scene.house.sql(
    'SELECT max(index)::int AS index FROM ledger.entry WHERE actor = $1 AND subject IS NOT NULL',
    [id],
  )
  return Number(row?.index)
}

/** A champion's look, as in many other attacks, that a superuser then tries to make unseen. */
async function lookFirst(scene: Scene): Promise<number> {
  const { by, contact, phone, grant } = await lookWithPin(scene, THIRI, scene.victim)
  await copyRows(scene, by, grant)
  await closeContact(scene, by, contact)
  await phone.hangUp()
  const index = await entryOfLook(scene)
  targets.set(scene, index)
  return index
}

function tampering(id: string, tries: string, sql: (index: number) => string): Attack {
  return {
    id,
    who: `a champion and ${DBA}`,
    tries,
    alone: true,
    run: async (scene) => {
      await scene.house.sql(sql(await lookFirst(scene)))
      await verify(scene)
    },
  }
}

/** How many customers' numbers and names stand anywhere in the database: in its texts, and in the bytes of its blobs. */
async function findCustomers(scene: Scene): Promise<{ numbers: number; names: number }> {
  const wanted = new Set(PEOPLE.map(({ number }) => number.slice(3)))
  const called = PEOPLE.map(({ name }) => `${name.honorific} ${name.latn}`)
  const numbers = new Set<string>()
  const names = new Set<string>()
  const tables = await scene.house.sql(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
     WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
  )
  for (const { name } of tables) {
    const rows = await scene.house.sql(`SELECT * FROM ${String(name)}`)
    const values = rows.flatMap((row) => Object.values(row))
    const blobs = values.filter((value) => Buffer.isBuffer(value)).map((value) => value.toString('latin1'))
    const texts = JSON.stringify(values.filter((value) => !Buffer.isBuffer(value)))
    for (const text of [texts, ...blobs])
      for (const [run] of text.matchAll(/[0-9]{10,}/g))
        for (let at = 0; at + 10 <= run.length; at += 1) {
          const one = run.slice(at, at + 10)
          if (wanted.has(one)) numbers.add(one)
        }
    for (const one of called) if (texts.includes(one)) names.add(one)
  }
  return { numbers: numbers.size, names: names.size }
}

export const MACHINE_ATTACKS: readonly Attack[] = [
  {
    id: 'reads-every-table',
    who: DBA,
    tries: 'reads every row of every table, and looks for numbers and names of customers in it',
    run: async (scene) => {
      const { numbers, names } = await findCustomers(scene)
      const [staff] = await scene.house.sql('SELECT count(*)::int AS n FROM staff.person')
      if (numbers + names > 0) scene.loot.takeMore(`${numbers} customers’ numbers and ${names} names`)
      const looks = await scene.house.sql('SELECT count(*)::int AS n FROM care.look')
      scene.loot.takeMore(
        `names of ${staff?.n} employees, who had how many of ${looks[0]?.n} looks when, under pseudonyms of customers`,
      )
    },
  },
  {
    id: 'moves-a-block',
    who: `a champion and ${DBA}`,
    tries:
      'puts the victim’s sealed blocks under the number of an accomplice, who then asks for her own bill',
    alone: true,
    run: async (scene) => {
      const accomplice = CUSTOMERS[2]!
      const { customers, world } = scene.house.server.rooms
      const [from, to] = await Promise.all(
        [scene.victim, accomplice].map((who) => customers.findByNumber(world.database.db, who.number)),
      )
      await scene.house.sql(`DELETE FROM vault.block WHERE subject = decode('${to?.subject}', 'hex')`)
      await scene.house.sql(
        `UPDATE vault.block SET subject = decode('${to?.subject}', 'hex'), tenure = '${to?.tenure}'
         WHERE subject = decode('${from?.subject}', 'hex')`,
      )
      scene.thiefHoldsPhone = true
      const { by, grant } = await lookWithPin(scene, THIRI, accomplice)
      await copyRows(scene, by, grant)
      await verify(scene)
    },
  },
  tampering(
    'edits-an-entry',
    'copies a look, and the text of its entry is changed afterwards',
    (index) =>
      `UPDATE ledger.entry SET body_sealed = set_byte(body_sealed, 40, get_byte(body_sealed, 40) # 1) WHERE index = ${index}`,
  ),
  tampering(
    'deletes-an-entry',
    'copies a look, and its entry is deleted afterwards',
    (index) => `DELETE FROM ledger.entry WHERE index = ${index}`,
  ),
  tampering(
    'hides-an-entry',
    'copies a look, and its entry is taken from the customer’s list',
    (index) => `UPDATE ledger.entry SET subject = NULL WHERE index = ${index}`,
  ),
  tampering(
    'deletes-the-tables-traces',
    'copies a look, and its rows in the care desk’s own tables are deleted',
    () =>
      `DELETE FROM care.rendering; DELETE FROM care.match; UPDATE care.look SET told_at = 1, opened = false;
       DELETE FROM platform.sms_outbox`,
  ),
  {
    id: 'silences-the-text',
    who: `a champion and ${DBA}`,
    tries: 'makes the database drop every text before it is sent, then a whole month is copied',
    alone: true,
    run: async (scene) => {
      await scene.house.sql(
        `CREATE FUNCTION public.drop_text() RETURNS trigger LANGUAGE plpgsql AS
           $$ BEGIN IF NEW.purpose LIKE 'look%' THEN RETURN NULL; END IF; RETURN NEW; END $$;
         CREATE TRIGGER drop_text BEFORE INSERT ON platform.sms_outbox FOR EACH ROW EXECUTE FUNCTION public.drop_text()`,
      )
      await lookFirst(scene)
      await verify(scene)
    },
  },
  {
    id: 'invents-a-session',
    who: DBA,
    tries: 'writes a session of a champion into the database, sits at that desk, and breaks the glass',
    alone: true,
    run: async (scene) => {
      const by = await inventSession(scene)
      await breakGlass(scene, by)
      await verify(scene)
    },
  },
  {
    id: 'invents-her-session',
    who: DBA,
    tries:
      'writes a session of the customer into the database, PIN given, and reads her calls on her own page',
    alone: true,
    run: async (scene) => {
      const by = openBrowser(scene.house.origin)
      const token = randomBytes(32).toString('base64url')
      const { customers, world } = scene.house.server.rooms
      const her = await customers.findByNumber(world.database.db, scene.victim.number)
      const now = scene.house.now()
      await scene.house.sql(
        `INSERT INTO customers.session (id, token_hash, subscriber_id, started_at, seen_at, person_until, mark, person_mark)
         SELECT 'invented', $1, $2, $3, $3, $4, s.mark, s.person_mark FROM (VALUES (1)) one
         LEFT JOIN (SELECT * FROM customers.session LIMIT 1) s ON true`,
        [createHash('sha256').update(token).digest(), her?.id, now, now + 3_600_000],
      )
      by.cookies.set('countersign-my', token)
      by.cookies.set('countersign-my-csrf', csrfTokenOf(token))
      await readOwnPages(scene, by)
      await verify(scene)
    },
  },
  {
    id: 'invents-a-verification',
    who: `a champion and ${DBA}`,
    tries: 'opens a contact with nobody there, and writes into the database that she was verified',
    alone: true,
    run: async (scene) => {
      const by = await sitAt(scene, THIRI)
      const asked = { number: written(scene.victim), channel: 'call' }
      const opened = await attempt(scene, by, 'POST', '/api/care/contacts', asked)
      const contact = String(opened.body.id)
      const passed = JSON.stringify([
        { factor: 'sms-code', at: scene.house.now(), tries: 1 },
        { factor: 'pin', at: scene.house.now(), tries: 1 },
      ])
      await scene.house.sql(
        `UPDATE care.contact SET state = 'verified', confirmed = true, passed = $1 WHERE id = $2`,
        [passed, contact],
      )
      const look = await askForLook(scene, by, contact)
      if (look.status === 200) await copyRows(scene, by, String(look.body.id))
      await closeContact(scene, by, contact)
      await verify(scene)
    },
  },
  {
    id: 'borrows-a-pin',
    who: `a champion, a stranger and ${DBA}`,
    tries:
      'puts the stranger’s own PIN in place of hers; the stranger calls from a line that shows her number',
    alone: true,
    run: async (scene) => {
      const stranger = CUSTOMERS[2]!
      const { customers, world } = scene.house.server.rooms
      const [own, hers] = await Promise.all(
        [stranger, scene.victim].map((who) => customers.findByNumber(world.database.db, who.number)),
      )
      await scene.house.sql(
        `UPDATE customers.secret h SET salt = o.salt, hash = o.hash, kind = o.kind FROM customers.secret o
         WHERE h.subscriber_id = $1 AND o.subscriber_id = $2`,
        [hers?.id, own?.id],
      )
      const by = await sitAt(scene, THIRI)
      const { contact, phone } = await answerCall(scene, by, {
        desk: THIRI,
        who: scene.victim,
        spoofed: true,
      })
      try {
        await keyInPin(scene, by, { contact, phone, pin: stranger.pin ?? '' })
      } catch (error) {
        if (!(error instanceof CodedError)) throw error
        scene.met.add('the PIN alone opens nothing')
      }
      const asked = await askForLook(scene, by, contact)
      if (asked.status === 200) await copyRows(scene, by, String(asked.body.id))
      await verify(scene)
    },
  },
  {
    id: 'restores-an-old-database',
    who: `a champion and ${DBA}`,
    tries: 'copies a look, and the database is put back to before it',
    alone: true,
    run: async (scene) => {
      const copy = `old_${randomBytes(4).toString('hex')}`
      const cluster = scene.house.config.databaseUrl ?? ''
      const admin = new URL(cluster)
      admin.pathname = '/postgres'
      const before = async (name: string) =>
        onCluster(admin.href, `CREATE DATABASE ${copy} TEMPLATE ${name} STRATEGY FILE_COPY`)
      scene.house = await scene.house.restart(before)
      await lookFirst(scene)
      const asked = scene.house.now()
      try {
        scene.house = await scene.house.restart(async (name) => {
          await onCluster(admin.href, `DROP DATABASE ${name} WITH (FORCE)`)
          await onCluster(admin.href, `CREATE DATABASE ${name} TEMPLATE ${copy} STRATEGY FILE_COPY`)
        })
      } catch (error) {
        if (!(error instanceof CodedError)) throw error
        scene.met.add(error.code)
        scene.noticed.push({
          by: 'the server',
          how: `does not start: ${error.code}`,
          afterMs: Date.now() - asked,
        })
        scene.stopped = true
        return
      } finally {
        await onCluster(admin.href, `DROP DATABASE IF EXISTS ${copy} WITH (FORCE)`)
      }
      await verify(scene)
    },
  },
  {
    id: 'backup-without-keys',
    who: 'a thief of a backup',
    tries:
      'opens a stolen database and data directory, first with keys of their own, then with the stolen keys and a guessed passphrase',
    run: async (scene) => {
      const own = join(mkdtempSync(join(tmpdir(), 'countersign-thief-')), 'keys')
      try {
        await initKeys(own, 'a passphrase of the thief')
        const keys = await openKeys(own, 'a passphrase of the thief')
        const opened = await profilesUnder(scene, keys.sealer)
        keys.close()
        if (opened > 0) scene.loot.takeMore(`${opened} customers’ names`)
        else scene.met.add('nothing opens under other keys')
        await openKeys(`${join(scene.house.directory, 'data')}.keys`, 'a guessed passphrase')
      } catch (error) {
        if (!(error instanceof CodedError)) throw error
        scene.met.add(error.code)
      } finally {
        rmSync(join(own, '..'), { recursive: true, force: true })
      }
    },
  },
  {
    id: 'backup-with-keys-and-passphrase',
    who: 'a thief of data, keys and passphrase',
    tries: 'opens the stolen database with the stolen keys',
    run: async (scene) => {
      const directory = `${join(scene.house.directory, 'data')}.keys`
      const unlock = readFileSync(join(directory, 'demo-passphrase'), 'utf8').trim()
      const keys = await openKeys(directory, unlock)
      const opened = await profilesUnder(scene, keys.sealer)
      keys.close()
      if (opened > 0) scene.loot.takeMore(`${opened} customers’ names, and with them every log`)
    },
  },
]

/** How many customers' profiles of the stolen tables open under these keys. */
async function profilesUnder(scene: Scene, sealer: Sealer): Promise<number> {
  const rows = await scene.house.sql('SELECT id, profile FROM customers.subscriber')
  let opened = 0
  for (const { id, profile } of rows)
    try {
      openProfile(sealer, String(id), profile as Buffer)
      opened += 1
    } catch (error) {
      if (!(error instanceof CodedError)) throw error
    }
  return opened
}

async function inventSession(scene: Scene) {
  const { house } = scene
  const by = openBrowser(house.origin)
  const token = randomBytes(32).toString('base64url')
  const hash = createHash('sha256').update(token).digest()
  const now = house.now()
  await house.sql(
    `INSERT INTO staff.session (id, token_hash, staff_id, how, started_at, seen_at, ends_at)
     VALUES ('invented', $1, $2, 'passkey', $3, $3, $4)`,
    [hash, await idOf(house, THIRI), now, now + 3_600_000],
  )
  scene.attackers.add(THIRI)
  by.cookies.set('countersign-staff', token)
  by.cookies.set(
    'countersign-staff-csrf',
    createHash('sha256').update('countersign csrf v1\0').update(token).digest('base64url'),
  )
  const session = await attempt(scene, by, 'GET', '/api/session')
  if (session.status === 200) scene.loot.takeMore('an employee’s desk')
  return by
}
