import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { E164 } from '../../src/calls/call-record.ts'
import { initKeys, openKeys } from '../../src/keys/key-directory.ts'
import type { KeyService } from '../../src/keys/key-service.ts'
import { commitWith } from '../../src/ledger/commit.ts'
import { createLedger, type Ledger } from '../../src/ledger/ledger.ts'
import type { OpenDatabase } from '../../src/platform/database.ts'
import { createLog } from '../../src/platform/log.ts'
import { createNotifications, type Notifications } from '../../src/platform/notifications.ts'
import { isRefusal } from '../../src/platform/refusal.ts'
import { createStaffRoom, type StaffParties, type StaffRoom } from '../../src/staff/room.ts'
import type { Role, StaffFacts } from '../../src/staff/staff.ts'
import { openTestDatabase } from '../support/database.ts'

export const START = Date.UTC(2026, 8, 12, 4, 12)
export const HOUR = 3_600_000
export const DAY = 24 * HOUR
export const SYSTEM = { system: 'test' } as const
export const ORIGIN = 'http://localhost:8080'

/** The room on a real database, ledger, keys and notifications; time stands still until told. */
export interface TestRoom {
  readonly database: OpenDatabase
  readonly parties: StaffParties
  readonly ledger: Ledger
  readonly keys: KeyService
  readonly keysDir: string
  readonly notifications: Notifications
  readonly room: StaffRoom
  time: number
  /** Adds somebody at work, trained and signed, and signs them in. */
  hire(
    roles: readonly Role[],
    more?: Partial<{ team: string; office: 'yangon' | 'mandalay'; name: string; shop: string | null }>,
  ): Promise<Hired>
  /** Signs somebody in. */
  signIn(staffId: string, shop?: string | null): Promise<string>
  /** Kinds of all entries, oldest first. */
  kinds(): Promise<string[]>
  /** Another server of the same database. */
  secondServer(): StaffRoom
}

export interface Hired {
  readonly id: string
  readonly deskName: string
  readonly token: string
  facts(): Promise<StaffFacts>
}

export async function openRoom(t: TestContext, more: Partial<StaffParties> = {}): Promise<TestRoom> {
  const database = await openTestDatabase(t)
  const dir = mkdtempSync(join(tmpdir(), 'countersign-staff-'))
  const keysDir = join(dir, 'keys')
  await initKeys(keysDir, 'a passphrase for tests only', { scryptLogN: 14 })
  const keys = await openKeys(keysDir, 'a passphrase for tests only')
  const time = { now: START }
  const clock = { now: () => time.now }
  const log = createLog({ level: 'silent', clock })
  const notifications = createNotifications({ url: database.url, log })
  await notifications.ready()
  const ledger = await createLedger({
    pool: database.pool,
    keys,
    clock,
    random: randomBytes,
    origin: 'test.example/log',
  })
  const parties: StaffParties = {
    db: database.db,
    ledger,
    notifications,
    clock,
    random: randomBytes,
    keys,
    parseNumber: (text) => (/^09[0-9]{7,9}$/.test(text) ? (`+95${text.slice(1)}` as E164) : null),
    publicUrl: ORIGIN,
    operatorName: 'Test Mobile',
    demo: true,
    ...more,
  }
  const room = createStaffRoom(parties)
  const others: StaffRoom[] = []
  await room.conduct.publish(
    SYSTEM,
    { en: 'We look only when asked.', my: 'မေးမှသာ ကြည့်ပါသည်။' },
    'first version',
  )
  t.after(async () => {
    for (const each of [room, ...others]) each.close()
    await notifications.close()
    await ledger.close()
    keys.close()
    rmSync(dir, { recursive: true })
  })
  const signIn = async (staffId: string, shop: string | null = null) =>
    (
      await commitWith(database.db, ledger, (trx, append) =>
        room.sessions.start(trx, append, { staffId, how: 'demo', shop }),
      )
    ).token
  return {
    database,
    parties,
    ledger,
    keys,
    keysDir,
    notifications,
    room,
    signIn,
    get time() {
      return time.now
    },
    set time(now) {
      time.now = now
    },
    async hire(roles, { team = 'mandalay-1', office = 'mandalay', name = 'Thiri', shop = null } = {}) {
      const added = granted(await room.people.addWithRoles(SYSTEM, { name, office, team, roles }))
      const { id } = added
      const course = { course: 'call-detail', passedAt: time.now - DAY, expiresAt: time.now + 300 * DAY }
      granted(await room.work.recordTraining(SYSTEM, id, course))
      const hours = { staffId: id, from: time.now - HOUR, until: time.now + 8 * HOUR }
      granted(await room.work.loadRoster(SYSTEM, [hours]))
      granted(await room.conduct.sign(SYSTEM, id, (await room.conduct.current())?.version ?? 0))
      const token = await signIn(id, shop)
      return {
        ...added,
        token,
        async facts() {
          const facts = await room.sessions.facts(token)
          if (facts === null) throw new Error('the session has ended')
          return facts
        },
      }
    },
    async kinds() {
      await ledger.sequence()
      return (await ledger.entries({ limit: 500 })).map(({ kind }) => kind).reverse()
    },
    secondServer() {
      const other = createStaffRoom(parties)
      others.push(other)
      return other
    },
  }
}

/** A result that must not be a refusal. */
export function granted<T>(result: T): Exclude<T, { refused: true }> {
  if (isRefusal(result)) throw new Error(`refused: ${result.code}`)
  return result as Exclude<T, { refused: true }>
}

/** The code of what must be a refusal. */
export function refusedWith(result: unknown): string {
  if (!isRefusal(result)) throw new Error('was not refused')
  return result.code
}
