import { sql } from 'kysely'
import type { Subject } from '../vault/subject.ts'
import type { On } from './parties.ts'
import { care, type Look } from './store.ts'

/** Counting and listing looks, and saving what they have shown. */

/** Looks of this person and of this team since `since`, that opened something or still may. */
export async function countLooks(
  on: On,
  who: { staff: string; team: string; since: number },
): Promise<{ person: number; team: number }> {
  const row = await care(on)
    .selectFrom('care.look')
    .select([
      sql<number>`count(*) filter (where staff = ${who.staff})`.as('person'),
      sql<number>`count(*) filter (where team = ${who.team})`.as('team'),
    ])
    .where('grantedAt', '>', who.since)
    .where((eb) => eb.or([eb('staff', '=', who.staff), eb('team', '=', who.team)]))
    .where('state', '!=', 'denied')
    .executeTakeFirstOrThrow()
  return { person: Number(row.person), team: Number(row.team) }
}

/** Looks of this person at this subject since `since` that opened something, in other contacts. */
export async function countEarlierLooks(
  on: On,
  who: { staff: string; subject: string; contact: string; since: number },
): Promise<number> {
  const row = await sql<{ n: number }>`
    SELECT count(*)::int AS n FROM care.look
    WHERE subject = ${who.subject} AND staff = ${who.staff} AND granted_at > ${who.since}
      AND contact <> ${who.contact} AND opened`.execute(on)
  return row.rows[0]?.n ?? 0
}

/** Which looks end now: of a contact, a person, a session, a call, or because their time is over. */
export async function readRunningLooks(
  on: On,
  of: { contact: string } | { staff: string } | { session: string } | { call: string } | { dueAt: number },
): Promise<Look[]> {
  let query = care(on)
    .selectFrom('care.look')
    .selectAll()
    .where('state', 'in', ['active', 'waiting-for-second'])
  if ('contact' in of) query = query.where('contact', '=', of.contact)
  else if ('staff' in of) query = query.where('staff', '=', of.staff)
  else if ('session' in of) query = query.where('session', '=', of.session)
  else if ('dueAt' in of) query = query.where('endsAt', '<=', of.dueAt)
  else
    query = query.where('contact', 'in', (eb) =>
      eb.selectFrom('care.contact').select('id').where('callId', '=', of.call),
    )
  return query.execute()
}

/** Saves the order of a look's rows when its bill is opened; `order` is sealed. */
export async function saveOrder(
  on: On,
  id: string,
  of: { rowsTotal: number; answering: number; rowOrder: Buffer },
): Promise<void> {
  await care(on)
    .updateTable('care.look')
    .set({ opened: true, ...of })
    .where('id', '=', id)
    .execute()
}

/** Keeps an exact rendering, sealed. */
export async function insertRendering(
  on: On,
  rendering: { entry: string; look: string; at: number; sealed: Buffer },
): Promise<void> {
  await care(on).insertInto('care.rendering').values(rendering).execute()
}

/** The sealed rendering that a disclosure entry commits to, with the look that its seal names. */
export async function readRendering(on: On, entry: string): Promise<{ look: string; sealed: Buffer } | null> {
  const row = await care(on)
    .selectFrom('care.rendering')
    .select(['look', 'sealed'])
    .where('entry', '=', entry)
    .executeTakeFirst()
  return row ?? null
}

/** Notes one more match or unmasked row of a look. */
export async function countShown(on: On, id: string, what: 'matches' | 'unmasked'): Promise<void> {
  await care(on)
    .updateTable('care.look')
    .set((eb) => ({ opened: true, [what]: eb(what, '+', 1) }))
    .where('id', '=', id)
    .execute()
}

/** Marks that the customer has been told of a look; false when she had been. */
export async function saveTold(on: On, id: string, at: number): Promise<boolean> {
  const result = await care(on)
    .updateTable('care.look')
    .set({ toldAt: at })
    .where('id', '=', id)
    .where('toldAt', 'is', null)
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}

/** Looks at a subject that showed something before `before`, with their contacts' facts, oldest first. */
export async function readShownLooks(on: On, of: { subject: Subject; before: number }) {
  return shownLooks(on)
    .where('care.look.subject', '=', of.subject)
    .where('care.look.grantedAt', '<', of.before)
    .orderBy('care.look.grantedAt')
    .execute()
}

/** Looks of a person that may have shown something before `until`, as above; what was shown is in the renderings. */
export async function readLooksShownTo(on: On, of: { staff: string; until: number }) {
  return shownLooks(on)
    .where('care.look.staff', '=', of.staff)
    .where('care.look.grantedAt', '<', of.until)
    .orderBy('care.look.grantedAt')
    .execute()
}

/** Whose log, and what window of it, a person opened something of. */
export async function readWindowsShownTo(on: On, staff: string) {
  return care(on)
    .selectFrom('care.look')
    .select(['subject', 'fromSecond', 'untilSecond'])
    .distinct()
    .where('staff', '=', staff)
    .where('opened', '=', true)
    .execute()
}

function shownLooks(on: On) {
  return care(on)
    .selectFrom('care.look')
    .innerJoin('care.contact', 'care.contact.id', 'care.look.contact')
    .select([
      'care.look.id',
      'care.look.staff',
      'care.look.subject',
      'care.contact.deskName',
      'care.contact.office',
      'care.look.tenure',
      'care.look.purpose',
      'care.look.month',
      'care.look.grantedAt',
      'care.look.endedAt',
      'care.contact.channel',
      'care.contact.confirmed',
      'care.look.brokenGlass',
      'care.look.rowsShown',
      'care.look.answering',
      'care.look.rowsTotal',
    ])
    .where('care.look.opened', '=', true)
}

/** The sealed renderings of looks from before `before`, oldest first. */
export async function readRenderings(on: On, looks: readonly string[], before: number) {
  if (looks.length === 0) return []
  return care(on)
    .selectFrom('care.rendering')
    .selectAll()
    .where('look', 'in', [...looks])
    .where('at', '<', before)
    .orderBy('at')
    .execute()
}
