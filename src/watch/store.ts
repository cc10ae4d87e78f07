import { CamelCasePlugin, type GeneratedAlways, type Kysely, type Selectable, sql } from 'kysely'
import type { Db, Trx } from '../platform/database.ts'
import type { Scored } from './engine.ts'
import type { Verdict } from './entries.ts'
import type { Hard } from './rules.ts'

/** The watch room's tables, and what reads and writes them. */

export interface LookTable {
  id: string
  entry: number
  staff: string
  deskName: string
  supervisor: boolean
  subject: string
  office: string
  team: string
  month: string
  purpose: string
  channel: string
  at: number
  level: number
  p: number
  total: number
  hard: Hard | null
  scored: unknown
}
export interface AlertTable {
  id: string
  number: GeneratedAlways<number>
  staff: string
  subject: string
  office: string
  supervisor: boolean
  why: 'score' | 'hard' | 'audit'
  hard: Hard | null
  p: number
  openedAt: number
  proposed: Verdict | null
  proposedBy: string | null
  proposedAt: number | null
  verdict: Verdict | null
  verdictBy: string | null
  verdictAt: number | null
  says: Buffer | null
}
export type WatchTables = {
  'watch.look': LookTable
  'watch.alert': AlertTable
  'watch.alertLook': { look: string; alert: string }
  'watch.word': {
    look: string
    staff: string
    toldAt: number
    answeredAt: number | null
    says: Buffer | null
  }
  'watch.off': { office: string; reason: string; byStaff: string; since: number }
  'watch.handover': { alert: string; at: number; takenAt: number | null; takenAs: string | null }
  'watch.state': { single: boolean; nextIndex: number; at: number; sealed: Buffer }
}
export type WatchedLook = Omit<Selectable<LookTable>, 'scored'> & { readonly scored: Scored }
export type Alert = Selectable<AlertTable>

type On = Db | Trx
const camelCase = new CamelCasePlugin({ maintainNestedObjectKeys: true })

/** The room's tables on a connection or in a transaction. */
export function watch(on: On): Kysely<WatchTables> {
  return on.withTables<WatchTables>().withPlugin(camelCase)
}

/** Writes looks as they are now scored, new or again. */
export async function saveLooks(on: On, looks: readonly WatchedLook[]): Promise<void> {
  for (let at = 0; at < looks.length; at += 500) {
    const some = looks.slice(at, at + 500).map((look) => ({ ...look, scored: JSON.stringify(look.scored) }))
    await watch(on)
      .insertInto('watch.look')
      .values(some)
      .onConflict((conflict) =>
        conflict.column('id').doUpdateSet((eb) => ({
          level: eb.ref('excluded.level'),
          p: eb.ref('excluded.p'),
          total: eb.ref('excluded.total'),
          hard: eb.ref('excluded.hard'),
          scored: eb.ref('excluded.scored'),
        })),
      )
      .execute()
  }
}

/** Looks by id. */
export async function readLooks(on: On, ids: readonly string[]): Promise<WatchedLook[]> {
  if (ids.length === 0) return []
  const rows = await watch(on)
    .selectFrom('watch.look')
    .selectAll()
    .where('id', 'in', [...ids])
    .execute()
  return rows as unknown as WatchedLook[]
}

/** All looks of one person at one customer, newest first, at most 50. */
export async function readPair(on: On, staff: string, subject: string): Promise<WatchedLook[]> {
  const rows = await watch(on)
    .selectFrom('watch.look')
    .selectAll()
    .where('staff', '=', staff)
    .where('subject', '=', subject)
    .orderBy('at', 'desc')
    .limit(50)
    .execute()
  return rows as unknown as WatchedLook[]
}

/** The alert that is open about this pair, or null. */
export async function readOpenAlert(on: On, staff: string, subject: string): Promise<Alert | null> {
  const row = await watch(on)
    .selectFrom('watch.alert')
    .selectAll()
    .where('staff', '=', staff)
    .where('subject', '=', subject)
    .where('verdict', 'is', null)
    .executeTakeFirst()
  return row ?? null
}

/** Puts a new alert down; false when one is open about this pair. */
export async function insertAlert(
  on: On,
  alert: Pick<
    Alert,
    'id' | 'staff' | 'subject' | 'office' | 'supervisor' | 'why' | 'hard' | 'p' | 'openedAt'
  >,
): Promise<void> {
  await watch(on).insertInto('watch.alert').values(alert).execute()
}

/** Makes an alert graver: a lower p, or a hard finding. */
export async function worsenAlert(on: On, id: string, to: Pick<Alert, 'why' | 'hard' | 'p'>): Promise<void> {
  await watch(on).updateTable('watch.alert').set(to).where('id', '=', id).execute()
}

/** Joins a look to an alert; a look that was asked about before is now asked about in this one. */
export async function joinAlert(on: On, look: string, alert: string): Promise<void> {
  await watch(on)
    .insertInto('watch.alertLook')
    .values({ look, alert })
    .onConflict((conflict) => conflict.column('look').doUpdateSet({ alert }))
    .execute()
}

/** The alert that a look was asked about in, or null. */
export async function readAlertOfLook(on: On, look: string): Promise<Alert | null> {
  const row = await watch(on)
    .selectFrom('watch.alertLook as m')
    .innerJoin('watch.alert as a', 'a.id', 'm.alert')
    .selectAll('a')
    .where('m.look', '=', look)
    .executeTakeFirst()
  return row ?? null
}

/** Ids of the looks of an alert. */
export async function readLooksOfAlert(on: On, alert: string): Promise<string[]> {
  const rows = await watch(on)
    .selectFrom('watch.alertLook')
    .select('look')
    .where('alert', '=', alert)
    .orderBy('look')
    .execute()
  return rows.map(({ look }) => look)
}

/** Where reading stands, and what scoring knew then. */
export async function readState(on: On): Promise<{ nextIndex: number; sealed: Buffer } | null> {
  const row = await watch(on).selectFrom('watch.state').select(['nextIndex', 'sealed']).executeTakeFirst()
  return row ?? null
}

/** Keeps what scoring knows. */
export async function saveState(
  on: On,
  state: { nextIndex: number; at: number; sealed: Buffer },
): Promise<void> {
  await watch(on)
    .insertInto('watch.state')
    .values({ single: true, ...state })
    .onConflict((conflict) => conflict.column('single').doUpdateSet(state))
    .execute()
}

/** Alerts without a verdict, hard findings first, then the least likely; at most 200. */
export async function readOpenAlerts(on: On): Promise<Alert[]> {
  return watch(on)
    .selectFrom('watch.alert')
    .selectAll()
    .where('verdict', 'is', null)
    .orderBy((eb) =>
      eb.case().when('why', '=', 'hard').then(0).when('why', '=', 'score').then(1).else(2).end(),
    )
    .orderBy('p')
    .orderBy('number')
    .limit(200)
    .execute()
}

/** One alert; `lock` for whoever is about to judge it. */
export async function readAlert(on: On, id: string, options: { lock?: boolean } = {}): Promise<Alert | null> {
  let query = watch(on).selectFrom('watch.alert').selectAll().where('id', '=', id)
  if (options.lock === true) query = query.forUpdate()
  return (await query.executeTakeFirst()) ?? null
}

/** Saves a first verdict that waits for a second person, or the verdict. */
export async function saveVerdict(
  on: On,
  id: string,
  set: Partial<
    Pick<Alert, 'proposed' | 'proposedBy' | 'proposedAt' | 'verdict' | 'verdictBy' | 'verdictAt' | 'says'>
  >,
): Promise<void> {
  await watch(on).updateTable('watch.alert').set(set).where('id', '=', id).execute()
}

/** Leaves a confirmed incident for the incident room. */
export async function insertHandover(on: On, alert: string, at: number): Promise<void> {
  await watch(on).insertInto('watch.handover').values({ alert, at, takenAt: null, takenAs: null }).execute()
}

/** Incidents that nobody has taken, oldest first. */
export async function readHandovers(on: On): Promise<{ alert: string; at: number }[]> {
  return watch(on)
    .selectFrom('watch.handover')
    .select(['alert', 'at'])
    .where('takenAt', 'is', null)
    .orderBy('at')
    .execute()
}

/** Notes that the incident room has it; false when it was taken before. */
export async function saveHandoverTaken(
  on: On,
  alert: string,
  taken: { takenAt: number; takenAs: string },
): Promise<boolean> {
  const done = await watch(on)
    .updateTable('watch.handover')
    .set(taken)
    .where('alert', '=', alert)
    .where('takenAt', 'is', null)
    .executeTakeFirst()
  return done.numUpdatedRows === 1n
}

/** The last verdicts, newest first, without those on looks drawn by chance. */
export async function readVerdicts(on: On, limit: number): Promise<Alert[]> {
  return watch(on)
    .selectFrom('watch.alert')
    .selectAll()
    .where('verdict', 'is not', null)
    .where('why', '<>', 'audit')
    .orderBy('verdictAt', 'desc')
    .limit(limit)
    .execute()
}

/** Of the looks drawn by chance and judged since then: how many, and how many led somewhere. */
export async function countAudits(on: On, since: number): Promise<{ judged: number; found: number }> {
  const row = await watch(on)
    .selectFrom('watch.alert')
    .select((eb) => [
      eb.fn.countAll<number>().as('judged'),
      eb.fn.countAll<number>().filterWhere('verdict', '=', 'incident').as('found'),
    ])
    .where('why', '=', 'audit')
    .where('verdictAt', '>=', since)
    .executeTakeFirstOrThrow()
  return { judged: Number(row.judged), found: Number(row.found) }
}

/** Looks between two instants: all, those explained, and those rarer than 5 in 1,000. */
export async function countLooks(
  on: On,
  from: number,
  until: number,
): Promise<{ looks: number; explained: number; rare: number }> {
  const row = await watch(on)
    .selectFrom('watch.look')
    .select((eb) => [
      eb.fn.countAll<number>().as('looks'),
      eb.fn.countAll<number>().filterWhere('level', '>=', 2).as('explained'),
      eb.fn.countAll<number>().filterWhere('p', '<=', 0.005).as('rare'),
    ])
    .where('at', '>=', from)
    .where('at', '<', until)
    .executeTakeFirstOrThrow()
  return { looks: Number(row.looks), explained: Number(row.explained), rare: Number(row.rare) }
}

/** When the newest look was. */
export async function readNewestLook(on: On): Promise<number | null> {
  const row = await watch(on)
    .selectFrom('watch.look')
    .select('at')
    .orderBy('at', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row?.at ?? null
}

export interface TrendRow {
  readonly office: string
  readonly team: string
  /** Weeks back: 0 is the last seven days. */
  readonly week: number
  readonly looks: number
  readonly unexplained: number
}

/** Looks and unexplained looks by office, team and week, back from `now`. */
export async function readTrend(on: On, now: number, weeks: number): Promise<TrendRow[]> {
  const result = await sql<TrendRow>`
    SELECT office, team, ((${now}::bigint - at) / 604800000)::int AS week, count(*)::int AS looks,
      (count(*) FILTER (WHERE level <= 1))::int AS unexplained
    FROM watch.look WHERE at > ${now}::bigint - ${weeks}::bigint * 604800000 AND at <= ${now}::bigint
    GROUP BY office, team, week ORDER BY office, team, week`.execute(on)
  return result.rows
}

/** A person's looks since then, newest first, with what was asked and answered about them. */
export async function readOwnLooks(
  on: On,
  staff: string,
  since: number,
): Promise<
  (WatchedLook & {
    verdict: Verdict | null
    asked: boolean
    toldAt: number | null
    answeredAt: number | null
  })[]
> {
  const rows = await watch(on)
    .selectFrom('watch.look as l')
    .leftJoin('watch.alertLook as m', 'm.look', 'l.id')
    .leftJoin('watch.alert as a', 'a.id', 'm.alert')
    .leftJoin('watch.word as w', 'w.look', 'l.id')
    .selectAll('l')
    .select((eb) => ['a.verdict', eb('a.id', 'is not', null).as('asked'), 'w.toldAt', 'w.answeredAt'])
    .where('l.staff', '=', staff)
    .where('l.at', '>=', since)
    .orderBy('l.at', 'desc')
    .limit(100)
    .execute()
  return rows as never
}

/** Unexplained looks of a while that nobody was told of and nobody asks about. */
export async function readLooksToMention(on: On, since: number, until: number): Promise<WatchedLook[]> {
  const rows = await watch(on)
    .selectFrom('watch.look as l')
    .selectAll('l')
    .where('l.at', '>=', since)
    .where('l.at', '<=', until)
    .where('l.level', '<=', 1)
    .where('l.hard', 'is', null)
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('watch.word as w').select('w.look').whereRef('w.look', '=', 'l.id'))),
    )
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('watch.alert as a')
            .select('a.id')
            .whereRef('a.staff', '=', 'l.staff')
            .where((eb) => eb.or([eb('a.verdict', 'is', null), eb('a.verdict', '=', 'incident')])),
        ),
      ),
    )
    .execute()
  return rows as unknown as WatchedLook[]
}

/** Notes that somebody was told of a look; false when they were before. */
export async function insertWord(
  on: On,
  word: { look: string; staff: string; toldAt: number },
): Promise<boolean> {
  const done = await watch(on)
    .insertInto('watch.word')
    .values({ ...word, answeredAt: null, says: null })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return done.numInsertedOrUpdatedRows === 1n
}

/** Saves what the looker says it was for, once; false when there was no word, or it is answered. */
export async function saveWordAnswer(
  on: On,
  look: string,
  staff: string,
  answer: { answeredAt: number; says: Buffer },
): Promise<boolean> {
  const done = await watch(on)
    .updateTable('watch.word')
    .set(answer)
    .where('look', '=', look)
    .where('staff', '=', staff)
    .where('answeredAt', 'is', null)
    .executeTakeFirst()
  return done.numUpdatedRows === 1n
}

/** Offices that nobody watches now. */
export async function readOff(
  on: On,
): Promise<{ office: string; reason: string; byStaff: string; since: number }[]> {
  return watch(on).selectFrom('watch.off').selectAll().orderBy('office').execute()
}

/** Switches watching off for an office; false when it is off. */
export async function insertOff(
  on: On,
  off: { office: string; reason: string; byStaff: string; since: number },
): Promise<boolean> {
  const done = await watch(on)
    .insertInto('watch.off')
    .values(off)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return done.numInsertedOrUpdatedRows === 1n
}

/** Switches it on again; false when it is on. */
export async function deleteOff(on: On, office: string): Promise<boolean> {
  const done = await watch(on).deleteFrom('watch.off').where('office', '=', office).executeTakeFirst()
  return done.numDeletedRows === 1n
}
