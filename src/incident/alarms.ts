import { commitWith } from '../ledger/commit.ts'
import type { Trx } from '../platform/database.ts'
import type { Role } from '../staff/staff.ts'
import { type Held, openCase, recordStepOf } from './book.ts'
import { type CaseworkParties, TIME } from './casework.ts'
import { alarmsAt } from './clock-alarm.ts'
import { clocksOf } from './clocks.ts'
import { registerOf } from './communications.ts'
import { nextDateOf } from './communications-rules.ts'
import { insertAlarm, listRunningIncidents, readRunOut } from './people-store.ts'
import { endRepresentation } from './representatives.ts'

/**
 * What time does to cases by itself: it alarms, before a deadline and at it, and says that a representation is over. It
 * sends nothing to anybody outside but that.
 */

/** One thing to alarm about. */
interface Alarm {
  /** Names it once for all: `mm-authority:soon`. */
  readonly what: string
  readonly who: Role
}

/** Everything that is due now; bears a repetition. Registered as a job of every minute by whoever opens the room. */
export async function sweepIncidents(parties: CaseworkParties): Promise<void> {
  const now = parties.clock.now()
  for (const row of await listRunningIncidents(parties.db)) {
    const held = openCase(parties, row)
    const promised = nextDateOf(await registerOf(parties, row.id))
    const alarms = [...clockAlarms(parties, held, now), ...promiseAlarms(promised, now)]
    for (const alarm of alarms) await raise(parties, held, alarm)
  }
  for (const row of await readRunOut(parties.db, now))
    await endRepresentation(parties, row.id, TIME, { by: 'time', says: '' })
}

function clockAlarms(parties: CaseworkParties, held: Held, now: number): Alarm[] {
  return clocksOf(held.case, parties.breach, parties.offsetMinutes).flatMap((clock): Alarm[] => {
    const { id, who, dueAt } = clock
    const from = alarmsAt(clock)
    if (from === null || dueAt === null || now < from) return []
    return [{ what: now >= dueAt ? `${id}:due` : `${id}:soon`, who }]
  })
}

/** What she was promised to hear, and did not. */
function promiseAlarms(promised: number | null, now: number): Alarm[] {
  return promised !== null && now >= promised ? [{ what: `promise:${promised}`, who: 'privacy-officer' }] : []
}

async function raise(parties: CaseworkParties, held: Held, { what, who }: Alarm): Promise<void> {
  const at = parties.clock.now()
  const people = await parties.staff.duty.onCall(who)
  const not = new Set(held.case.involved.map(({ staff }) => staff))
  await commitWith(parties.db, parties.ledger, async (trx, append) => {
    if (!(await insertAlarm(trx, { incident: held.id, what, at }))) return
    await recordStepOf(
      parties,
      trx,
      append,
      held,
      {
        ...{
          kind: 'incident-worked',
          act: 'alarm',
          at,
          says: '',
          what: what.replace(/^promise:.*/, 'promise'),
          header: null,
        },
        more: { alarm: what },
      },
      TIME,
    )
    for (const one of people) if (!not.has(one.id)) await publish(parties, trx, one.id, held.id)
  })
}

async function publish({ notifications }: CaseworkParties, trx: Trx, staffId: string, id: string) {
  await notifications.publish(trx, 'notice', { staffId, kind: 'incident-clock', id })
}
