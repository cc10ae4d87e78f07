import type { NoticeForm } from '../calls/breach-frame.ts'
import type { Append } from '../ledger/commit.ts'
import type { Db, Trx } from '../platform/database.ts'
import { isRefusal, type Refusal, refuse } from '../platform/refusal.ts'
import type { Language } from '../platform/words.ts'
import type { StaffFacts } from '../staff/staff.ts'
import { type Held, recordStep, recordStepOf, sealCase } from './book.ts'
import { seen } from './case-access.ts'
import { type CaseworkParties, inCase, officer } from './casework.ts'
import { clocksOf } from './clocks.ts'
import { sayIn } from './communications.ts'
import type { Way } from './communications-rules.ts'
import { said } from './desk.ts'
import { openExposure } from './exposure.ts'
import { type Draft, draftNotice, fillDraft, type Known, missingIn, textOf } from './notice-draft.ts'
import { type NoticeRow, putNotice, readNotice, readNotices } from './people-store.ts'
import { inForce } from './representatives.ts'
import { step } from './rules.ts'
import { saveIncident } from './store.ts'

/**
 * Notices that clocks ask for: drafted from the case, completed by an officer, sent or handed in by an officer. Nothing in
 * this file runs by itself, and no job calls it.
 */

const PURPOSE = 'incident-notice'
/** How far back it is looked what those concerned were shown. */
const LOOK_BACK_MS = 90 * 86_400_000

/** A notice as it is kept. */
export interface KeptNotice extends Draft {
  readonly by: string
  readonly savedAt: number
}

/** A notice of a case for whoever reads the page. */
export interface NoticeSeen {
  readonly clock: string
  readonly form: NoticeForm
  readonly draft: KeptNotice | null
  /** What must still be written before it may go; ids of the form's fields. */
  readonly missing: readonly string[]
}

/** Drafts a notice anew with what the case knows now; what was written before is replaced. */
export async function draftOf(
  parties: CaseworkParties,
  staff: StaffFacts,
  id: string,
  { clock, language }: { clock: string; language: Language },
): Promise<null | Refusal> {
  const before = await seen(parties, staff, id, 'write-communication')
  if (isRefusal(before)) return before
  const form = formOf(parties, before, clock)
  if (isRefusal(form)) return form
  const known = await knownOf(parties, staff, before)
  if (isRefusal(known)) return known
  const done = await inCase(parties, staff, id, 'write-communication', async (trx, append, held) =>
    keep(parties, trx, append, held, staff, clock, draftNotice(form, held.case, known, language)),
  )
  return isRefusal(done) ? done : null
}

/** Keeps what an officer wrote into it. */
export async function writeNotice(
  parties: CaseworkParties,
  staff: StaffFacts,
  id: string,
  { clock, texts }: { clock: string; texts: Readonly<Record<string, string>> },
): Promise<null | Refusal> {
  const done = await inCase(parties, staff, id, 'write-communication', async (trx, append, held) => {
    const form = formOf(parties, held, clock)
    if (isRefusal(form)) return form
    const row = await readNotice(trx, held.id, clock)
    if (row === null) return notDrafted()
    const filled = fillDraft(form, openNotice(parties, row), texts)
    return isRefusal(filled) ? filled : keep(parties, trx, append, held, staff, clock, filled)
  })
  return isRefusal(done) ? done : null
}

/**
 * An officer sends a notice to the customer's page, or records that they handed it in. The notice, the line of the
 * register and the clock that stops are one transaction.
 */
export async function sendNotice(
  parties: CaseworkParties,
  staff: StaffFacts,
  id: string,
  { clock, via, name, says }: { clock: string; via: Way; name: string; says: string },
): Promise<null | Refusal> {
  return inCase(parties, staff, id, 'write-communication', async (trx, append, held) => {
    const form = formOf(parties, held, clock)
    if (isRefusal(form)) return form
    const row = await readNotice(trx, held.id, clock)
    if (row === null) return notDrafted()
    const draft = openNotice(parties, row)
    if (missingIn(form, draft).length > 0)
      return refuse('notice-incomplete', 'Something is still to be written.', 'Complete every field of it.')
    const now = parties.clock.now()
    const act = { do: 'notice', clock, outcome: 'sent', says } as const
    const clocks = clocksOf(held.case, parties.breach, parties.offsetMinutes)
    const next = step(held.case, act, { now, by: staff.id, clocks, laws: [], undecided: [] })
    if (isRefusal(next)) return next
    const hers = clocks.find((one) => one.id === clock)?.to === 'customer'
    const represented = (await inForce(parties, trx, held.id)) !== null
    const message = await sayIn(parties, trx, append, held, officer(staff), {
      ...{ direction: 'out', via, name, sort: 'notice', clock, at: now, nextAt: null, past: null },
      with: hers ? (represented ? 'representative' : 'customer') : 'regulator',
      says: textOf(form, draft),
    })
    if (isRefusal(message)) return message
    const after: Held = { ...held, case: next }
    await saveIncident(trx, held.id, { state: next.state, sealed: sealCase(parties, held.id, next) })
    await recordStep(parties, trx, append, after, staff, said(act, held, after, now, 0))
    return null
  })
}

/** The notices of a case: one for every clock that has a form. */
export async function noticesOf(parties: CaseworkParties, db: Db, held: Held): Promise<NoticeSeen[]> {
  const rows = new Map((await readNotices(db, held.id)).map((row) => [row.clock, row]))
  return clocksOf(held.case, parties.breach, parties.offsetMinutes).flatMap((clock) => {
    const form = formOf(parties, held, clock.id)
    if (isRefusal(form)) return []
    const row = rows.get(clock.id)
    const draft = row === undefined ? null : openNotice(parties, row)
    const missing = draft === null ? form.fields.map(({ id }) => id) : missingIn(form, draft)
    return [{ clock: clock.id, form, draft, missing }]
  })
}

async function keep(
  parties: CaseworkParties,
  trx: Trx,
  append: Append,
  held: Held,
  staff: StaffFacts,
  clock: string,
  { language, texts }: Draft,
): Promise<null> {
  const at = parties.clock.now()
  const kept: KeptNotice = { language, texts, by: staff.deskName, savedAt: at }
  await recordStepOf(
    parties,
    trx,
    append,
    held,
    {
      ...{ kind: 'incident-worked', act: 'notice-written', at, says: '', what: clock, header: null },
      more: { clock, language, texts: { ...texts } },
    },
    officer(staff),
  )
  const sealed = parties.keys.sealer.seal(PURPOSE, `${held.id}:${clock}`, Buffer.from(JSON.stringify(kept)))
  await putNotice(trx, { incident: held.id, clock, saved_at: at, sealed })
  return null
}

function openNotice({ keys }: CaseworkParties, { incident, clock, sealed }: NoticeRow): KeptNotice {
  return JSON.parse(keys.sealer.open(PURPOSE, `${incident}:${clock}`, sealed).toString('utf8')) as KeptNotice
}

function formOf({ breach, offsetMinutes }: CaseworkParties, held: Held, clock: string): NoticeForm | Refusal {
  const due = clocksOf(held.case, breach, offsetMinutes).find(({ id }) => id === clock)
  if (due === undefined)
    return refuse('clock-unknown', 'No such notice is due in this incident.', 'Reload the page.')
  const form = breach.forms?.find(({ id }) => id === due.form)
  return (
    form ?? refuse('form-unknown', 'The jurisdiction file says nothing of its contents.', 'Write it by hand.')
  )
}

/** What a draft knows; whatever those concerned were shown is opened for it, and that is an entry first. */
async function knownOf(parties: CaseworkParties, staff: StaffFacts, held: Held): Promise<Known | Refusal> {
  const now = parties.clock.now()
  const since = held.case.reportedAt - LOOK_BACK_MS
  const opened = await inCase(
    parties,
    staff,
    held.id,
    'read-exposure',
    async (trx, append, { case: one }) => {
      for (const { staff: person, deskName } of one.involved)
        await recordStep(parties, trx, append, held, staff, {
          ...{ kind: 'incident-worked', act: 'exposure', at: now, says: '', what: deskName, header: null },
          more: { person, from: since, until: now },
        })
      return one.involved.map(({ staff: person }) => person)
    },
  )
  if (isRefusal(opened)) return opened
  const exposures = await Promise.all(
    opened.map((person) => openExposure(parties, { staff: person, from: since, until: now })),
  )
  const sum = (of: 'customers' | 'rows'): number => exposures.reduce((all, { totals }) => all + totals[of], 0)
  return {
    operator: parties.operatorWords,
    serial: held.serial,
    contact: staff.deskName,
    when: (at, language) => localWords(at, parties.offsetMinutes, language),
    shown: exposures.length === 0 ? null : { customers: sum('customers'), rows: sum('rows'), since },
  }
}

function localWords(at: number, offsetMinutes: number, language: Language): string {
  return new Intl.DateTimeFormat(language === 'my' ? 'my' : 'en-GB', {
    ...{ day: 'numeric', month: 'long', year: 'numeric', hour: '2-digit', minute: '2-digit' },
    timeZone: 'UTC',
  }).format(new Date(at + offsetMinutes * 60_000))
}

function notDrafted(): Refusal {
  return refuse('notice-not-drafted', 'Nobody has begun this notice.', 'Draft it first.')
}
