import { commitWith } from '../ledger/commit.ts'
import type { Trx } from '../platform/database.ts'
import { type Refusal, refuse } from '../platform/refusal.ts'
import type { Words } from '../platform/words.ts'
import type { StaffFacts } from '../staff/staff.ts'
import { decideApproval, insertApproval, readApproval } from './approval-store.ts'
import { contactEntry } from './entry-drafts.ts'
import { APPROVAL_WITHIN_MS } from './grant-rules.ts'
import { mayWith } from './load.ts'
import { type CareRoom, newId } from './parties.ts'
import { type Contact, readContact, readLook, saveGoOn, saveLookDecision } from './store.ts'
import { tellBefore } from './tell.ts'

/** A supervisor of another team decides what one person alone may not. */

export type ApprovalKind = 'second-grant' | 'third-miss'

const ABOUT: Record<ApprovalKind, Words> = {
  'second-grant': {
    en: 'A second look at the same customer within 30 days.',
    my: 'ရက် ၃၀ အတွင်း ဖောက်သည်တစ်ဦးတည်းကို ဒုတိယအကြိမ် ကြည့်ရှုခြင်း။',
  },
  'third-miss': {
    en: 'Three numbers asked about did not appear.',
    my: 'မေးမြန်းသော နံပါတ်သုံးခု မပါရှိပါ။',
  },
}

/** What an approval is about, in words. */
export function approvalWords(kind: ApprovalKind): Words {
  return ABOUT[kind]
}

/** Asks supervisors on duty of other teams; they have ten minutes. */
export async function askForApproval(
  room: CareRoom,
  trx: Trx,
  contact: Contact,
  kind: ApprovalKind,
  look: string,
): Promise<void> {
  const now = room.clock.now()
  const id = newId(room.random)
  await insertApproval(trx, {
    id,
    kind,
    contact: contact.id,
    look,
    askedBy: contact.staff,
    askedDesk: contact.deskName,
    office: contact.office,
    team: contact.team,
    at: now,
    untilAt: now + APPROVAL_WITHIN_MS,
  })
  for (const supervisor of await room.staff.duty.supervisorsOutside([contact.team]))
    await room.notifications.publish(trx, 'notice', { staffId: supervisor.id, kind: 'approval', id })
}

/** Decides one: never one's own, never one's own team's, once, in time. */
export async function decide(
  room: CareRoom,
  staff: StaffFacts,
  id: string,
  answer: { approve: boolean; reason: string },
): Promise<{ decided: true } | Refusal> {
  const result = await commitWith(room.db, room.ledger, async (trx, append) => {
    const approval = await readApproval(trx, id)
    if (approval === null)
      return refuse('approval-not-found', 'There is nothing like that to decide.', 'Go back to your team.')
    const now = room.clock.now()
    if (approval.decidedAt !== null || now >= approval.untilAt)
      return refuse(
        'approval-over',
        'It has been decided, or its ten minutes are over.',
        'Nothing more is needed.',
      )
    if (approval.askedBy === staff.id || approval.team === staff.team)
      return refuse('approval-not-yours', 'A supervisor of another team decides this.', 'Leave it to them.')
    const contact = await readContact(trx, approval.contact, { lock: true })
    if (contact === null)
      return refuse('approval-not-found', 'There is nothing like that to decide.', 'Go back to your team.')
    const refusal = mayWith(room, staff, contact, 'approve-look')
    if (refusal !== null) return refusal
    await decideApproval(trx, id, { decidedBy: staff.id, decidedAt: now, approved: answer.approve })
    await append(
      contactEntry(
        'approval',
        contact,
        now,
        { approval: id, about: approval.kind, approved: answer.approve, says: answer.reason },
        { outcome: answer.approve ? 'approved' : 'denied', by: staff },
      ),
    )
    if (approval.kind === 'third-miss') {
      if (answer.approve) await saveGoOn(trx, contact.id)
    } else if (approval.look !== null) {
      const look = await readLook(trx, approval.look, { lock: true })
      if (look?.state === 'waiting-for-second') {
        await saveLookDecision(trx, look.id, answer.approve ? 'active' : 'denied')
        if (answer.approve) await tellBefore(room, trx, contact, look)
      }
    }
    await room.notifications.publish(trx, 'contact-changed', {
      contactId: contact.id,
      staffId: contact.staff,
    })
    return { decided: true as const, contact: contact.id }
  })
  if ('contact' in result) room.looks.forget(({ contact }) => contact.id === result.contact)
  return 'contact' in result ? { decided: true } : result
}
