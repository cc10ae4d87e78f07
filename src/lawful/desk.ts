import type { E164 } from '../calls/call-record.ts'
import { commitWith } from '../ledger/commit.ts'
import { isRefusal, type Refusal, refuse } from '../platform/refusal.ts'
import type { StaffFacts } from '../staff/staff.ts'
import { endHoldsAt } from '../vault/holds.ts'
import { PSEUDONYM_KEY, subjectOf } from '../vault/subject.ts'
import { loadRequest, moveRequest, openCase, requestNotFound } from './book.ts'
import { certificateDraft, certificates, signCertificate } from './certificate.ts'
import type { Command } from './command.ts'
import { countScope } from './count.ts'
import { deliveredPackage, fetchPackage, reopenPackage } from './delivered.ts'
import { encountersOf, meetDuress, meetMisdirected, misdirectedLetter } from './encounters.ts'
import { complete, file, findByNumber, keepLetter, readLetter } from './filing.ts'
import { frameOf, type Held, type LawfulParties, requestEntry } from './parties.ts'
import { by, produce, release } from './production.ts'
import { confirmKey, endKey, keysOf, proposeKey } from './recipient-keys.ts'
import type { Paper, Scope } from './request.ts'
import { step } from './rules.ts'
import type { FilingInput } from './schemas.ts'
import { deskView, regulatorPage } from './see.ts'
import { listRequests, readLetter as readLetterRow } from './store.ts'
import { sweep } from './sweep.ts'
import { entriesOf } from './tell.ts'
import { type BoardLine, boardLine, type RegulatorView } from './views.ts'

/** The desk for authorities and the regulator's counter: every use case. Each gives what it is for, or a refusal. */
export type LawfulDesk = ReturnType<typeof createLawfulDesk>

/** Opens both counters and registers their job, so call it before `jobs.start`. */
export function createLawfulDesk(room: LawfulParties) {
  room.jobs.every('lawful-sweep', '* * * * *', () => sweep(room))
  return {
    frames: room.frames,
    sweep: () => sweep(room),
    // At the regulator's counter.
    file: (staff: StaffFacts, filing: FilingInput, letter: string | null) =>
      file(room, staff, by(staff), filing, letter),
    fileBySystem: (actor: Parameters<typeof file>[1], filing: FilingInput, letter: string | null) =>
      file(room, actor, null, filing, letter),
    actBySystem: (actor: Parameters<typeof file>[1], id: string, command: Command) =>
      act(room, actor, null, id, command),
    complete: (staff: StaffFacts, id: string, asked: { filing: FilingInput; letter: string | null }) =>
      complete(room, staff, by(staff), id, asked),
    queue: (staff: StaffFacts) => queue(room, staff),
    regulatorPage: (staff: StaffFacts, id: string) => regulatorPage(room, staff, id),
    bringPaper: (staff: StaffFacts, id: string, asked: { paper: Paper; letter: string | null }) =>
      bringPaper(room, staff, id, asked),
    extendHold: (staff: StaffFacts, id: string, reason: string) => extendHold(room, staff, id, reason),
    fetchPackage: (who: { id: string }, id: string) => fetchPackage(room, who, id),
    findByNumber: (frame: string, number: string) => findByNumber(room, frame, number),
    // At the operator's desk.
    board: () => board(room),
    page: (staff: StaffFacts, id: string) => deskView(room, staff, id),
    act: (staff: StaffFacts, id: string, command: Command) => act(room, staff, staff, id, command),
    count: (staff: StaffFacts, id: string, scope: Scope) => countScope(room, staff, id, scope),
    produce: (staff: StaffFacts, id: string) => afterCircle(room, staff, id, () => produce(room, staff, id)),
    release: (staff: StaffFacts, id: string) => release(room, staff, id),
    reopenPackage: (staff: StaffFacts, id: string, reason: string) => reopenPackage(room, staff, id, reason),
    deliveredPackage: (id: string) => deliveredPackage(room, id),
    letter: (staff: StaffFacts, id: string, digest: string) => letter(room, staff, id, digest),
    // Keys, encounters, the certificate.
    keys: () => keysOf(room),
    proposeKey: (staff: StaffFacts, asked: Parameters<typeof proposeKey>[2]) =>
      proposeKey(room, staff, asked),
    confirmKey: (staff: StaffFacts, id: string) => confirmKey(room, staff, id),
    endKey: (staff: StaffFacts, id: string) => endKey(room, staff, id),
    meetMisdirected: (staff: StaffFacts, says: Parameters<typeof meetMisdirected>[2]) =>
      meetMisdirected(room, staff, says),
    meetDuress: (staff: StaffFacts, says: Parameters<typeof meetDuress>[2]) => meetDuress(room, staff, says),
    encounters: () => encountersOf(room),
    misdirectedLetter: (id: string) => misdirectedLetter(room, id),
    certificateDraft: (year: number, staff: StaffFacts, statement: string) =>
      certificateDraft(room, year, staff, statement),
    signCertificate: (staff: StaffFacts, asked: Parameters<typeof signCertificate>[2]) =>
      signCertificate(room, staff, asked),
    certificates: () => certificates(room),
    at: () => room.clock.now(),
    operatorName: room.operatorName,
    offsetMinutes: room.offsetMinutes,
  }
}

/** One step, with its entries, and what follows from it for holds and for people who wait. */
async function act(
  room: LawfulParties,
  actor: { readonly id: string; readonly roles: StaffFacts['roles'] },
  staff: StaffFacts | null,
  id: string,
  command: Command,
): Promise<Held | Refusal> {
  const turnsKey = command.do === 'rule' || command.do === 'second'
  if (turnsKey && staff !== null) {
    const tied = await tiedTo(room, staff, id)
    if (tied !== null) return tied
  }
  const waiting = await whoWaits(room, command)
  return moveRequest(
    room,
    id,
    ({ case: one }) =>
      step(one, command, { now: room.clock.now(), frame: frameOf(room, one.filing.frame), actor }),
    (before, after) => entriesOf(room, command, before, after, staff === null ? null : by(staff)),
    async (trx, after) => {
      const { endedAt, state, filing } = after.case
      if (endedAt !== null && state !== 'delivered' && state !== 'closed')
        await endHoldsAt(trx, id, endedAt + frameOf(room, filing.frame).deadlines.holdAfterEndDays * DAY_MS, {
          extends: false,
        })
      for (const colleague of waiting)
        await room.notifications.publish(trx, 'notice', { staffId: colleague.id, kind: 'lawful', id })
    },
  )
}

const DAY_MS = 86_400_000

/** Who is told that a step now waits for them. */
async function whoWaits(room: LawfulParties, command: Command) {
  const { duty } = room.staff
  if (command.do === 'filter' && command.outcome === 'passed') return duty.onCall('counsel')
  if (command.do === 'rule')
    return [...(await duty.onCall('privacy-officer')), ...(await duty.onCall('investigator'))]
  if (command.do === 'return' || command.do === 'duress') return duty.onCall('counsel')
  if (command.do === 'after-review' && command.finding === 'not-confirmed') {
    const roles = ['privacy-officer', 'counsel', 'regulator-officer'] as const
    return (await Promise.all(roles.map((role) => duty.onCall(role)))).flat()
  }
  return []
}

/** Nobody turns a key over their own number, or their household's or friends'. */
async function tiedTo(room: LawfulParties, staff: StaffFacts, id: string): Promise<Refusal | null> {
  const held = await loadRequest(room, room.db, id)
  if (isRefusal(held)) return held
  for (const { type, value } of held.case.filing.identifiers) {
    if (type !== 'msisdn') continue
    const subject = subjectOf(room.keys.prfKey(PSEUDONYM_KEY), value as E164)
    const { kind } = await room.staff.circle.circleOf(staff.id, subject)
    if (kind === 'own' || kind === 'household' || kind === 'declared')
      return refuse(
        'in-your-circle',
        'One of these numbers is in your own circle.',
        'Leave this request to a colleague.',
      )
  }
  return null
}

async function afterCircle<T>(
  room: LawfulParties,
  staff: StaffFacts,
  id: string,
  then: () => Promise<T | Refusal>,
): Promise<T | Refusal> {
  return (await tiedTo(room, staff, id)) ?? then()
}

async function board(room: LawfulParties): Promise<BoardLine[]> {
  const rows = await listRequests(room.db, { limit: 500 })
  return rows.map((row) => {
    const held = openCase(room, row)
    return boardLine(held, frameOf(room, held.case.filing.frame))
  })
}

async function queue(room: LawfulParties, staff: StaffFacts): Promise<RegulatorView[]> {
  const rows = await listRequests(room.db, { limit: 500 })
  const pages = await Promise.all(rows.map((row) => regulatorPage(room, staff, row.id)))
  return pages.flatMap((page) => (isRefusal(page) ? [] : [page]))
}

async function bringPaper(
  room: LawfulParties,
  staff: StaffFacts,
  id: string,
  asked: { paper: Paper; letter: string | null },
): Promise<Held | Refusal> {
  const bytes = readLetter(asked.letter)
  if (isRefusal(bytes)) return bytes
  const command = { do: 'bring-paper', paper: asked.paper } as const
  return moveRequest(
    room,
    id,
    ({ case: one }) =>
      step(one, command, { now: room.clock.now(), frame: frameOf(room, one.filing.frame), actor: staff }),
    (before, after) => entriesOf(room, command, before, after, by(staff)),
    (trx) => keepLetter(room, trx, id, bytes),
  )
}

/** Extends the holds of a request, once, by what its frame allows. */
async function extendHold(
  room: LawfulParties,
  staff: StaffFacts,
  id: string,
  reason: string,
): Promise<Held | Refusal> {
  const held = await loadRequest(room, room.db, id)
  if (isRefusal(held)) return held
  const { preserveDays, preserveExtendDays } = frameOf(room, held.case.filing.frame).deadlines
  const view = await deskView(room, staff, id)
  if (isRefusal(view)) return view
  if (view.holds.count === 0 || view.holds.extended)
    return refuse('hold-extended', 'The hold has ended or was extended before.', 'File a request of its own.')
  const endsAt = held.case.receivedAt + (preserveDays + preserveExtendDays) * DAY_MS
  await commitWith(room.db, room.ledger, async (trx, append) => {
    const holds = await endHoldsAt(trx, id, endsAt, { extends: true })
    await append(
      requestEntry(
        room,
        'hold-extended',
        held,
        { by: { ...by(staff) }, reason, days: preserveExtendDays },
        {
          at: room.clock.now(),
          actor: staff.id,
          counts: { holds },
        },
      ),
    )
  })
  return held
}

async function letter(
  room: LawfulParties,
  _staff: StaffFacts,
  id: string,
  digest: string,
): Promise<Buffer | Refusal> {
  const sealed = await readLetterRow(room.db, id, digest)
  return sealed === null
    ? requestNotFound()
    : room.keys.sealer.open('lawful-letter', `${id}:${digest}`, sealed)
}
