import { sql } from 'kysely'
import type { On } from './parties.ts'
import { care } from './store.ts'

/** What limits and follows looks: matches, refusals, approvals, broken glass, referrals, statements. */

/** Whom a customer was passed on by, since `since`; the newest, or null. */
export async function readReferral(
  on: On,
  subject: string,
  since: number,
): Promise<{ staff: string; team: string } | null> {
  return (
    (await care(on)
      .selectFrom('care.referral')
      .select(['staff', 'team'])
      .where('subject', '=', subject)
      .where('at', '>', since)
      .orderBy('at', 'desc')
      .executeTakeFirst()) ?? null
  )
}

/** Notes that a customer was passed on. */
export async function saveReferral(
  on: On,
  referral: { subject: string; staff: string; team: string; at: number },
): Promise<void> {
  await care(on).insertInto('care.referral').values(referral).execute()
}

export interface MatchCountsRow {
  inContact: number
  askedBefore: boolean
  ofSubscriber: number
  ofPersonToday: number
  missesInContact: number
}

/** Counts what the limits of blind matches are about; different numbers, each once. */
export async function countMatches(
  on: On,
  of: { contact: string; subject: string; staff: string; numberHash: string; since: number; today: number },
): Promise<MatchCountsRow> {
  const result = await sql<MatchCountsRow>`
    SELECT
      count(DISTINCT number_hash) FILTER (WHERE contact = ${of.contact})::int AS "inContact",
      coalesce(bool_or(contact = ${of.contact} AND number_hash = ${of.numberHash}), false) AS "askedBefore",
      count(*) FILTER (WHERE subject = ${of.subject} AND at > ${of.since})::int AS "ofSubscriber",
      count(*) FILTER (WHERE staff = ${of.staff} AND at >= ${of.today})::int AS "ofPersonToday",
      count(*) FILTER (WHERE contact = ${of.contact} AND NOT matched)::int AS "missesInContact"
    FROM care.match
    WHERE contact = ${of.contact} OR (subject = ${of.subject} AND at > ${of.since})
      OR (staff = ${of.staff} AND at >= ${of.today})`.execute(on)
  return result.rows[0] as MatchCountsRow
}

/** Notes one match. The number is a keyed hash, for counting only. */
export async function insertMatch(
  on: On,
  match: {
    contact: string
    subject: string
    staff: string
    numberHash: string
    at: number
    matched: boolean
  },
): Promise<void> {
  await care(on).insertInto('care.match').values(match).execute()
}

/** Notes a refusal: they count and are seen. */
export async function insertRefusal(
  on: On,
  refusal: {
    staff: string
    team: string
    at: number
    asked: string
    code: string
    says: string
    next: string
  },
): Promise<void> {
  await care(on).insertInto('care.refusal').values(refusal).execute()
}

/** Refusals of a person since `since`, newest first. */
export async function readRefusals(on: On, staff: string, since: number) {
  return care(on)
    .selectFrom('care.refusal')
    .select(['at', 'code', 'says', 'next'])
    .where('staff', '=', staff)
    .where('at', '>=', since)
    .orderBy('at', 'desc')
    .limit(100)
    .execute()
}

/** Puts a statement down, sealed, for her page. */
export async function insertStatement(
  on: On,
  statement: {
    id: string
    subject: string
    tenure: string
    month: string
    language: 'en' | 'my'
    madeAt: number
    pdf: Buffer
    csv: Buffer
  },
): Promise<void> {
  await care(on).insertInto('care.statement').values(statement).execute()
}

/** A statement of this tenure, or null: nobody else's, whatever the id. */
export async function readStatement(on: On, id: string, tenure: string) {
  return (
    (await care(on)
      .selectFrom('care.statement')
      .selectAll()
      .where('id', '=', id)
      .where('tenure', '=', tenure)
      .executeTakeFirst()) ?? null
  )
}

/** Removes statements older than `before`. */
export async function deleteStatements(on: On, before: number): Promise<void> {
  await care(on).deleteFrom('care.statement').where('madeAt', '<', before).execute()
}
