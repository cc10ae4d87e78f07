import type pg from 'pg'
import { commitWith } from './ledger/commit.ts'
import type { Ledger } from './ledger/ledger.ts'
import { createLoop } from './ledger/loop.ts'
import type { Clock } from './platform/clock.ts'
import type { Db } from './platform/database.ts'
import type { Log } from './platform/log.ts'
import type { Mailer } from './platform/mail.ts'
import type { Notifications } from './platform/notifications.ts'
import { findStrangers, keepStrangers } from './platform/strangers.ts'
import type { StaffRoom } from './staff/room.ts'

/** Looks every minute for what is in the database and not of our making, and tells people. */
export interface SchemaWatch {
  /**
   * Looks once. What came or went since the last time is an entry, which stays when somebody takes away again what was
   * there for a minute; names are in its body, sealed, and in no line of the log and no mail.
   */
  look(): Promise<void>
  /** By name, as of at most a minute ago: what acts in the database, and what lets somebody in without our mark. */
  found(): Promise<readonly string[]>
  start(): void
  close(): Promise<void>
}

export interface SchemaWatchParties {
  readonly db: Db
  readonly pool: pg.Pool
  readonly keys: { prfKey(purpose: string): Buffer }
  readonly clock: Clock
  readonly log: Log
  readonly ledger: Ledger
  readonly notifications: Notifications
  readonly staff: Pick<StaffRoom, 'doors' | 'duty'>
  readonly mailer: Mailer | null
  /** Who is mailed, beside the screens of those on duty. */
  readonly alarmTo: readonly string[]
  readonly operatorName: string
}

const EVERY_MS = 60_000

/** What is said of them wherever somebody asks. */
export const STRANGERS_SAY = 'something is in the database that we did not put there'

/**
 * Each server looks by a timer of its own, not by the queue of jobs, and mails from its own process, not through the
 * outbox of texts: both are tables, so whoever silences texts in the database would silence the alarm about it with the
 * same words. What remains in their hands is the connection: a server that cannot look says so, and is unwell.
 */
export function createSchemaWatch(parties: SchemaWatchParties): SchemaWatch {
  const { db, pool, clock, ledger, log, staff } = parties
  const key = parties.keys.prfKey('strangers')
  let last: readonly string[] | null = null
  /** Of which names people were told by this server; in memory, where nobody can say beforehand that it was done. */
  let told: ReadonlySet<string> = new Set()

  async function look(): Promise<void> {
    const names = [...(await findStrangers(pool)), ...(await staff.doors.foreign(db))]
    last = names
    const { came, went } = await commitWith(db, ledger, async (trx, append) => {
      const changed = await keepStrangers(trx, key, names, clock.now())
      if (changed.came.length + changed.went.length > 0)
        await append({ kind: 'strangers-found', header: null, body: changed })
      return changed
    })
    if (came.length + went.length > 0)
      log.error({ came: came.length, went: went.length, there: names.length }, STRANGERS_SAY)
    const isTold = names.every((name) => told.has(name)) || (await tellPeople(parties, names.length))
    if (isTold) told = new Set(names)
  }

  const loop = createLoop(EVERY_MS, look, (error) =>
    log.error({ code: (error as { code?: string }).code ?? 'failed' }, 'the database could not be looked at'),
  )
  return {
    look,
    async found() {
      if (last === null) await look()
      return last ?? []
    },
    start: loop.start,
    close: loop.stop,
  }
}

/**
 * Mail to whom the operator named, whatever the database does; and the screens of those on duty read the alarm at once.
 * @returns false where the mail server did not take it: the next minute tries again.
 */
async function tellPeople(
  { db, staff, notifications, mailer, alarmTo, operatorName, log }: SchemaWatchParties,
  count: number,
): Promise<boolean> {
  for (const role of ['privacy-officer', 'administrator'] as const)
    for (const { id } of await staff.duty.onCall(role))
      await notifications.publish(db, 'notice', {
        staffId: id,
        kind: 'strangers',
        id: 'schema',
      })
  try {
    for (const to of alarmTo)
      await mailer?.send({ to, subject: `${operatorName}: Countersign alarm`, text: alarmText(count) })
    return true
  } catch (error) {
    log.error({ code: (error as { code?: string }).code ?? 'failed' }, 'the alarm could not be mailed')
    return false
  }
}

function alarmText(count: number): string {
  return `${count} in the database of Countersign are not of its making: code that acts there, or a key that lets somebody in. It may drop texts to customers, or let somebody in as another. Run "countersign doctor", which names them, and "countersign verify --data"; ask whose they are, then take them away.

Countersign ၏ ဒေတာဘေ့စ်တွင် ၎င်းက မထည့်ထားသော အရာ ${count} ခု ရှိနေသည်။ ဖောက်သည်များထံ စာတိုများကို တားဆီးနိုင်သည်၊ သို့မဟုတ် အခြားသူအဖြစ် ဝင်ရောက်ခွင့် ပေးနိုင်သည်။ "countersign doctor" နှင့် "countersign verify --data" ကို လုပ်ဆောင်ပြီး မည်သူ့ဟာဖြစ်ကြောင်း မေးပါ၊ ထို့နောက် ဖယ်ရှားပါ။
`
}
