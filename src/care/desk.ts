import { commitWith } from '../ledger/commit.ts'
import type { EntryId } from '../ledger/entry.ts'
import { drawAhead } from '../platform/clock.ts'
import type { Payload } from '../platform/notifications.ts'
import { isRefusal, type Refusal } from '../platform/refusal.ts'
import type { StaffFacts } from '../staff/staff.ts'
import { decide } from './approvals.ts'
import { alarmOverdue, breakGlass, glassView, justifyBreakGlass, reviewBreakGlass } from './break-glass.ts'
import { abandonIdle, closeContact } from './close-contact.ts'
import { contactView } from './contact-view.ts'
import { endLooks, TELL_JOB } from './end-look.ts'
import { askForLook } from './grant.ts'
import { allowWithKey, askForKey, askToMakeKey, makeKeyInShop, refuseWithKey, seeKeyAsk } from './key-ask.ts'
import { withdrawKeyAsks } from './key-ask-store.ts'
import { callsAtDesk, contactsOf, dayOfStaff, findContacts, teamOf } from './lists.ts'
import { contactNotFound, grantNotFound, loadLook } from './load.ts'
import { createLookCache } from './look-cache.ts'
import { keepMasks } from './mask.ts'
import { matchNumber } from './match.ts'
import { openContact } from './open-contact.ts'
import { type CareParties, type CareRoom, maskKeysOf } from './parties.ts'
import { previewRules } from './preview-rules.ts'
import { insertRefusal } from './record-store.ts'
import { grantView, openBill, openRows } from './reveal.ts'
import { dropOldStatements, MAIL_JOB, mailStatement, sendStatement, statementFor } from './send-statement.ts'
import { readContact } from './store.ts'
import { tellOfLook } from './tell.ts'
import { answerForRow, askForRow } from './unmask.ts'
import { answerFactor, heardFromLine, startFactor } from './verify.ts'

/** The care desk: every use case, with who asks first. Each gives what it is for, or a refusal. */
export type CareDesk = ReturnType<typeof createCareDesk>

/**
 * Opens the desk: listens to the telephony system and to ended sessions, and registers its jobs, so call it before
 * `jobs.start`.
 */
export function createCareDesk(parties: CareParties) {
  const room: CareRoom = {
    ...parties,
    random: drawAhead(parties.random),
    masksOf: keepMasks(maskKeysOf(parties.keys)),
    looks: createLookCache(
      (id) => loadLook(room, parties.db, id),
      (entry: EntryId) => parties.ledger.indexOf(entry),
      () => performance.now(),
      () => parties.notifications.heardUntil(),
    ),
  }
  parties.staff.verification.previewWith((ask) => previewRules(room, ask))
  const stop = listen(room)
  handleJobs(room)
  const counted = <A extends unknown[], T>(
    asked: string,
    use: (room: CareRoom, staff: StaffFacts, ...args: A) => Promise<T>,
  ) => {
    return async (staff: StaffFacts, ...args: A): Promise<T> => {
      const result = await use(room, staff, ...args)
      if (isRefusal(result)) await countRefusal(room, staff, asked, result)
      return result
    }
  }
  return {
    calls: (staff: StaffFacts) => callsAtDesk(room, staff),
    contacts: (staff: StaffFacts) => contactsOf(room, staff),
    find: (staff: StaffFacts, text: string) => findContacts(room, staff, text),
    openContact: counted('open-contact', openContact),
    contact: (staff: StaffFacts, id: string) => seeContact(room, staff, id),
    view: (staff: StaffFacts, contact: Parameters<typeof contactView>[2]) =>
      contactView(room, staff, contact),
    startFactor: counted('verify-contact', startFactor),
    answerFactor: counted('verify-contact', answerFactor),
    askForLook: counted('get-grant', askForLook),
    askForKey: counted('get-grant', askForKey),
    askToMakeKey: counted('verify-contact', askToMakeKey),
    ...keyDoor(room),
    look: (staff: StaffFacts, id: string) => seeLook(room, staff, id),
    lookView: (loaded: Parameters<typeof grantView>[1]) => grantView(room, loaded),
    openBill: counted('see-bill', openBill),
    openRows: counted('see-rows', openRows),
    matchNumber: counted('match-number', matchNumber),
    askForRow: counted('unmask-row', askForRow),
    answerForRow: counted('unmask-row', answerForRow),
    sendStatement: counted('send-statement', sendStatement),
    closeContact: counted('close-contact', closeContact),
    breakGlass: counted('break-glass', breakGlass),
    justifyBreakGlass: counted('justify-break-glass', justifyBreakGlass),
    reviewBreakGlass: counted('review-break-glass', reviewBreakGlass),
    glassView: (glass: Parameters<typeof glassView>[1]) => glassView(room, glass),
    decide: counted('approve-look', decide),
    day: (staff: StaffFacts) => dayOfStaff(room, staff),
    team: (staff: StaffFacts) => teamOf(room, staff),
    /** A statement for her own page, by her tenure; null when it is not hers or 30 days old. */
    statementFor: (id: string, tenure: string) => statementFor(room, id, tenure),
    /** What the minute's job does: ends what is over, abandons what is idle, alarms about what is overdue. */
    sweep: () => sweep(room),
    /** Tells the customer of an ended look now; the job does so within a minute. */
    tellOfLook: (look: string) => tellOfLook(room, look),
    close: stop,
  }
}

/** What a customer answers on her phone; the link in her text is what lets her in. */
export type KeyDoor = ReturnType<typeof keyDoor>

function keyDoor(room: CareRoom) {
  return {
    seeKeyAsk: (token: string) => seeKeyAsk(room, token),
    allowWithKey: (token: string, response: unknown) => allowWithKey(room, token, response),
    refuseWithKey: (token: string) => refuseWithKey(room, token),
    makeKeyInShop: (token: string, answer: Parameters<typeof makeKeyInShop>[2]) =>
      makeKeyInShop(room, token, answer),
  }
}

async function seeContact(room: CareRoom, staff: StaffFacts, id: string) {
  const contact = await readContact(room.db, id)
  if (contact === null) return contactNotFound()
  const refusal =
    contact.staff === staff.id
      ? null
      : room.staff.policy.decide({ staff, action: 'see-team', resource: { type: 'Desk', id: 'care' } })
  // Somebody else's contact shows a name and a number, so it does not exist for anybody but its holder.
  return contact.staff === staff.id ? contact : (refusal ?? contactNotFound())
}

async function seeLook(room: CareRoom, staff: StaffFacts, id: string) {
  const loaded = await loadLook(room, room.db, id)
  return loaded === null || loaded.look.staff !== staff.id ? grantNotFound() : loaded
}

/** A refusal is written down with its entry: refusals count and are seen. */
async function countRefusal(
  room: CareRoom,
  staff: StaffFacts,
  asked: string,
  refusal: Refusal,
): Promise<void> {
  const at = room.clock.now()
  const { code, says, next } = refusal
  await commitWith(room.db, room.ledger, async (trx, append) => {
    await insertRefusal(trx, { staff: staff.id, team: staff.team, at, asked, code, says, next })
    await append({
      kind: 'care-refusal',
      header: { office: staff.office, category: asked, outcome: code },
      body: { staff: staff.id, deskName: staff.deskName, office: staff.office, at, asked, code },
      actor: staff.id,
    })
  })
}

async function sweep(room: CareRoom): Promise<void> {
  await endLooks(room, { dueAt: room.clock.now() }, 'time')
  await abandonIdle(room)
  await alarmOverdue(room)
  await dropOldStatements(room)
}

/** Every way in which a look ends from outside. Returns: stops listening. */
function listen(room: CareRoom): () => void {
  const guarded = (what: string, work: Promise<unknown>) => {
    work.catch((cause: unknown) =>
      room.log.error({ what, cause: String(cause) }, 'the care desk could not react'),
    )
  }
  const onSession = ({ staffId, sessionId }: Payload) => {
    room.looks.forget(({ look }) => look.staff === staffId || look.session === sessionId)
    const whose =
      typeof sessionId === 'string'
        ? { session: sessionId }
        : typeof staffId === 'string'
          ? { staff: staffId }
          : null
    if (whose !== null) guarded('links', withdrawKeyAsks(room.db, whose, room.clock.now()))
    if (typeof sessionId === 'string') guarded('sign-out', endLooks(room, { session: sessionId }, 'sign-out'))
    else if (typeof staffId === 'string')
      guarded('access', endLooks(room, { staff: staffId }, 'access-ended'))
  }
  const forgetAll = () => room.looks.clear()
  const stops = [
    room.notifications.subscribe('session-ended', onSession, forgetAll),
    room.notifications.subscribe(
      'grant-ended',
      (p) => room.looks.forget(({ look }) => look.id === p.grantId),
      forgetAll,
    ),
    room.notifications.subscribe(
      'contact-changed',
      (p) => room.looks.forget(({ contact }) => contact.id === p.contactId),
      forgetAll,
    ),
  ]
  if (room.telephony !== null)
    stops.push(
      room.telephony.onDigits(async ({ ref, digits }) => {
        await heardFromLine(room, ref, { digits })
      }),
      room.telephony.onCallBack(async ({ ref, answered }) => {
        await heardFromLine(room, ref, { answered })
      }),
      room.telephony.onCallEnded(async ({ callId }) => {
        room.looks.forget(({ contact }) => contact.callId === callId)
        await endLooks(room, { call: callId }, 'call-ended')
      }),
    )
  return () => {
    for (const each of stops) each()
  }
}

function handleJobs(room: CareRoom): void {
  room.jobs.handle(TELL_JOB, async ({ look }) => tellOfLook(room, String(look)))
  room.jobs.handle(MAIL_JOB, async ({ statement, tenure }) =>
    mailStatement(room, { statement: String(statement), tenure: String(tenure) }),
  )
  room.jobs.every('care-sweep', '* * * * *', () => sweep(room))
}
