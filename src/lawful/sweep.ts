import { commitWith } from '../ledger/commit.ts'
import { isRefusal } from '../platform/refusal.ts'
import type { Words } from '../platform/words.ts'
import type { Role } from '../staff/staff.ts'
import { endHoldsAt, releaseOverdueHolds } from '../vault/holds.ts'
import { moveRequest, openCase } from './book.ts'
import { deadlinesOf } from './clocks.ts'
import { type AuthorityDisclosure, DISCLOSURE_KIND } from './disclosure.ts'
import { frameOf, type Held, type LawfulParties, requestEntry } from './parties.ts'
import { openTold } from './production.ts'
import { step } from './rules.ts'
import { slotAt } from './slots.ts'
import { listRunning, readRequest, readUntold, saveRequest, saveToldOf } from './store.ts'
import { entriesOf } from './tell.ts'

/** What time does by itself: requests expire, papers become late, secrecy ends and the customer is told, holds end. */

const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000
const LONG_AGO_MS = 90 * DAY_MS

/** Everything that is due now; bears a repetition. */
export async function sweep(room: LawfulParties): Promise<void> {
  for (const row of await listRunning(room.db, room.clock.now() - LONG_AGO_MS)) {
    const held = openCase(room, row)
    await passTime(room, held)
    // Again, where a server died between the end of secrecy and the telling.
    if (held.case.toldAt !== null) await tellCustomers(room, held)
    await alarm(room, held, row.alarmed)
  }
  await endHolds(room)
}

async function passTime(room: LawfulParties, held: Held): Promise<void> {
  const frame = frameOf(room, held.case.filing.frame)
  const due = (one: Held['case']) => step(one, { do: 'time' }, { now: room.clock.now(), frame, actor: null })
  for (let one = held; !isRefusal(due(one.case)); ) {
    const unratified = !one.case.unratified
    const officers = await room.staff.duty.onCall('privacy-officer')
    const moved = await moveRequest(
      room,
      one.id,
      ({ case: now }) => due(now),
      (before, after) => entriesOf(room, { do: 'time' }, before, after, null),
      async (trx, after) => {
        if (after.case.unratified && unratified)
          for (const officer of officers)
            await room.notifications.publish(trx, 'notice', {
              staffId: officer.id,
              kind: 'emergency-unratified',
              id: after.id,
            })
        if (after.case.state === 'expired')
          await endHoldsAt(trx, after.id, room.clock.now() + frame.deadlines.holdAfterEndDays * DAY_MS, {
            extends: false,
          })
      },
    )
    if (isRefusal(moved)) return
    if (moved.case.toldAt !== null) await tellCustomers(room, moved)
    one = moved
  }
}

/**
 * Tells everybody whose log was handed over. Until now no entry had her as its subject: this one is the first that her
 * page can find. Whoever no longer holds the number cannot be told by it, and its new holder is not told.
 */
async function tellCustomers(room: LawfulParties, held: Held): Promise<void> {
  const frame = frameOf(room, held.case.filing.frame)
  const { filing, scope, deliveredAt } = held.case
  const authority = frame.authorities.find(({ id }) => id === filing.authority)
  const basis = frame.bases.find(({ code }) => code === filing.basis)
  for (const row of await readUntold(room.db, held.id)) {
    const told = openTold(room, held.id, row.tenure, row.sealed)
    const slot = await slotAt(room, row.slot)
    const subscriber = await room.customers.byTenure(room.db, row.tenure)
    const present = subscriber !== null && subscriber.tenureUntil === null
    await commitWith(room.db, room.ledger, async (trx, append) => {
      await saveToldOf(trx, held.id, row.tenure, room.clock.now())
      const entry = await append({
        kind: DISCLOSURE_KIND,
        header: {
          outcome: present ? 'told' : 'not-reachable',
          ...(slot === null
            ? { counts: { customers: 1 } }
            : { caseSerial: held.serial, counts: { customers: 1, slot } }),
        },
        subject: present ? told.subject : null,
        body: {
          request: held.id,
          tenure: row.tenure,
          authority: { ...(authority?.name ?? words(filing.authority)) },
          gate: { ...frame.gate.name },
          basis: { ...(basis?.title ?? words(filing.basis)) },
          from: told.from,
          until: told.until,
          rows: told.rows,
          fields: [...(scope?.fields ?? [])],
          deliveredAt: deliveredAt ?? 0,
          ...(slot === null ? {} : { slot }),
        } satisfies AuthorityDisclosure,
      })
      if (present)
        await room.customers.notify(trx, subscriber, {
          text: toldText(room, `${room.publicUrl}/my`),
          purpose: 'authority',
          ref: entry,
        })
    })
  }
}

function words(text: string): Words {
  return { en: text, my: text }
}

function toldText({ operatorWords }: LawfulParties, page: string): Words {
  return {
    en: `${operatorWords.en}: an authority was given some of your call records under the law. Secrecy has ended; read who, when and what: ${page}`,
    my: `${operatorWords.my}: ဥပဒေအရ အာဏာပိုင်တစ်ရပ်အား သင့်ဖုန်းမှတ်တမ်းအချို့ ပေးအပ်ခဲ့သည်။ လျှို့ဝှက်ကာလ ပြီးဆုံးပါပြီ။ ဖတ်ရန်: ${page}`,
  }
}

/** Before a clock runs out whoever must act is woken, and again when it has; once each. */
async function alarm(room: LawfulParties, held: Held, alarmed: readonly string[]): Promise<void> {
  const now = room.clock.now()
  const frame = frameOf(room, held.case.filing.frame)
  const due = deadlinesOf(held.case, frame)
    .filter(({ what }) => what !== 'secrecy-ends')
    .flatMap(({ what, who, at }) => [
      ...(now >= at - warningMs(held) && now < at ? [{ mark: `${what}-soon`, who }] : []),
      ...(now >= at ? [{ mark: `${what}-late`, who }] : []),
    ])
    .filter(({ mark }) => !alarmed.includes(mark))
  if (due.length === 0) return
  const roles = (who: string): readonly Role[] =>
    who === 'regulator' ? ['regulator-officer'] : ['counsel', 'privacy-officer']
  const woken = await Promise.all(
    [...new Set(due.flatMap(({ who }) => roles(who)))].map((role) => room.staff.duty.onCall(role)),
  )
  await commitWith(room.db, room.ledger, async (trx, append) => {
    const row = await readRequest(trx, held.id, true)
    const fresh = due.filter(({ mark }) => row !== null && !row.alarmed.includes(mark))
    if (row === null || fresh.length === 0) return
    await saveRequest(trx, held.id, { alarmed: [...row.alarmed, ...fresh.map(({ mark }) => mark)] })
    for (const { mark } of fresh)
      if (mark.endsWith('-late'))
        await append(requestEntry(room, 'deadline-passed', held, { what: mark }, { at: now, outcome: mark }))
    for (const { id } of woken.flat())
      await room.notifications.publish(trx, 'notice', { staffId: id, kind: 'lawful-deadline', id: held.id })
  })
}

/** How long before the end of a clock people are woken. */
function warningMs(held: Held): number {
  return held.case.filing.urgency === 'emergency' ? HOUR_MS : DAY_MS
}

async function endHolds(room: LawfulParties): Promise<void> {
  await commitWith(room.db, room.ledger, async (trx, append) => {
    for (const { ref, holds } of await releaseOverdueHolds(trx, room.clock.now())) {
      const row = await readRequest(trx, ref)
      if (row === null) continue
      await append(
        requestEntry(
          room,
          'hold-ended',
          openCase(room, row),
          {},
          { at: room.clock.now(), counts: { holds } },
        ),
      )
    }
  })
}
