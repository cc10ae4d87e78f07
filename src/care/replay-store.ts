import { sql } from 'kysely'
import type { ContactAttributes } from '../staff/policy.ts'
import type { On } from './parties.ts'
import type { PastContact, PastLook, PastMatch, PastRefusal } from './replay.ts'
import type { Passed } from './rules.ts'

/** What a window was decided on, as it was: counts are of the moment before, not of now. */

const HOUR_MS = 3_600_000
/** The longest a rule may look back at matches of a subscriber. */
const MATCH_MS = 90 * 86_400_000

/** A window of time, epoch ms, half open, and how many contacts of it, the newest, are read. */
export interface Window {
  readonly from: number
  readonly until: number
  readonly most: number
}

type ContactRow = Omit<PastContact, 'attributes' | 'looks' | 'matches'> & {
  id: string
  channel: ContactAttributes['channel']
  circle: ContactAttributes['circle']
  colleagueTeam: string | null
  referredFromTeam: string | null
}
type LookRow = Omit<PastLook, 'facts'> & {
  contact: string
  person: number
  ofTeam: number
  earlierLooks: number
}
type MatchRow = {
  contact: string
  at: number
  inContact: number
  askedBefore: boolean
  ofPersonToday: number
  missesInContact: number
  goOn: boolean
  earlier: number[]
}

/** Contacts of a window with their looks and matches, newest first. */
export async function readPastContacts(
  on: On,
  window: Window,
  offsetMinutes: number,
): Promise<PastContact[]> {
  const contacts = await readContacts(on, window)
  const [looks, matches] = [await readLooks(on, window), await readMatches(on, window, offsetMinutes)]
  const looksOf = Map.groupBy(looks, ({ contact }) => contact)
  const matchesOf = Map.groupBy(matches, ({ contact }) => contact)
  return contacts.map(({ id, channel, circle, colleagueTeam, referredFromTeam, ...contact }) => ({
    ...contact,
    attributes: { channel, circle, colleagueTeam, referredFromTeam },
    looks: (looksOf.get(id) ?? []).map(({ person, ofTeam, earlierLooks, ...look }) => ({
      ...look,
      facts: { looksThisHour: { person, team: ofTeam }, earlierLooks },
    })),
    matches: (matchesOf.get(id) ?? []).map(({ at, earlier, ...counts }) => matchOf(at, earlier, counts)),
  }))
}

function matchOf(
  at: number,
  earlier: number[],
  counts: Omit<MatchRow, 'contact' | 'at' | 'earlier'>,
): PastMatch {
  const { goOn, ...rest } = counts
  return { at, earlier, counts: { ...rest, supervisorSaidGoOn: goOn } }
}

const newest = ({ from, until, most }: Window) => sql`
  SELECT id FROM care.contact WHERE opened_at >= ${from} AND opened_at < ${until}
  ORDER BY opened_at DESC LIMIT ${most}`

async function readContacts(on: On, window: Window): Promise<ContactRow[]> {
  const { rows } = await sql<ContactRow & { passed: Passed[] }>`
    SELECT id, opened_at AS "openedAt", staff, desk_name AS "deskName", office, team, channel, circle,
      colleague_team AS "colleagueTeam", referred_from_team AS "referredFromTeam", shop, passed,
      break_glass AS "brokenGlass"
    FROM care.contact WHERE opened_at >= ${window.from} AND opened_at < ${window.until}
    ORDER BY opened_at DESC LIMIT ${window.most}`.execute(on)
  return rows
}

async function readLooks(on: On, window: Window): Promise<LookRow[]> {
  const { rows } = await sql<LookRow>`
    SELECT l.contact, l.granted_at AS "grantedAt", l.month, l.opened, l.unmasked,
      (SELECT count(*) FROM care.look o WHERE o.staff = l.staff AND o.state <> 'denied'
        AND o.granted_at > l.granted_at - ${HOUR_MS} AND o.granted_at < l.granted_at)::int AS person,
      (SELECT count(*) FROM care.look o WHERE o.team = l.team AND o.state <> 'denied'
        AND o.granted_at > l.granted_at - ${HOUR_MS} AND o.granted_at < l.granted_at)::int AS "ofTeam",
      (SELECT count(*) FROM care.look o WHERE o.subject = l.subject AND o.staff = l.staff AND o.opened
        AND o.contact <> l.contact AND o.granted_at > l.granted_at - 2592000000
        AND o.granted_at < l.granted_at)::int AS "earlierLooks",
      (SELECT coalesce(array_agg(r.at ORDER BY r.at), '{}') FROM care.rendering r WHERE r.look = l.id) AS reveals
    FROM care.look l WHERE l.contact IN (${newest(window)}) AND l.state <> 'denied'
    ORDER BY l.granted_at`.execute(on)
  return rows
}

async function readMatches(on: On, window: Window, offsetMinutes: number): Promise<MatchRow[]> {
  const { rows } = await sql<MatchRow>`
    SELECT m.contact, m.at, c.go_on AS "goOn",
      (SELECT count(DISTINCT o.number_hash) FROM care.match o
        WHERE o.contact = m.contact AND o.id < m.id)::int AS "inContact",
      EXISTS (SELECT FROM care.match o WHERE o.contact = m.contact AND o.number_hash = m.number_hash
        AND o.id < m.id) AS "askedBefore",
      (SELECT count(*) FROM care.match o WHERE o.staff = m.staff AND o.id < m.id
        AND o.at >= ${startOfDay(sql`m.at`, offsetMinutes)})::int AS "ofPersonToday",
      (SELECT count(*) FROM care.match o WHERE o.contact = m.contact AND NOT o.matched
        AND o.id < m.id)::int AS "missesInContact",
      (SELECT coalesce(array_agg(o.at), '{}') FROM care.match o WHERE o.subject = m.subject AND o.id < m.id
        AND o.at > m.at - ${MATCH_MS}) AS earlier
    FROM care.match m JOIN care.contact c ON c.id = m.contact
    WHERE m.contact IN (${newest(window)}) ORDER BY m.at`.execute(on)
  return rows
}

/** Local midnight before an instant, in the database. */
function startOfDay(at: ReturnType<typeof sql>, offsetMinutes: number) {
  const east = offsetMinutes * 60_000
  return sql`(${at} - (${at} + ${east}::bigint) % 86400000)`
}

type RefusalRow = Omit<PastRefusal, 'deskName' | 'office' | 'looksThisHour' | 'match' | 'look'> & {
  person: number
  ofTeam: number
  ofPersonToday: number
  contact: string | null
  goOn: boolean | null
  inContact: number
  missesInContact: number
  earlier: number[] | null
  grantedAt: number | null
  unmasked: number | null
  endReason: string | null
}

/** Refusals of a window, newest first, each with the contact that its person had open at that moment. */
export async function readPastRefusals(
  on: On,
  window: Window,
  offsetMinutes: number,
  nameOf: (staff: string) => { deskName: string; office: string },
): Promise<PastRefusal[]> {
  const { rows } = await sql<RefusalRow>`
    SELECT r.at, r.staff, r.team, r.code, r.says, r.asked,
      (SELECT count(*) FROM care.look o WHERE o.staff = r.staff AND o.state <> 'denied'
        AND o.granted_at > r.at - ${HOUR_MS} AND o.granted_at <= r.at)::int AS person,
      (SELECT count(*) FROM care.look o WHERE o.team = r.team AND o.state <> 'denied'
        AND o.granted_at > r.at - ${HOUR_MS} AND o.granted_at <= r.at)::int AS "ofTeam",
      (SELECT count(*) FROM care.match o WHERE o.staff = r.staff AND o.at <= r.at
        AND o.at >= ${startOfDay(sql`r.at`, offsetMinutes)})::int AS "ofPersonToday",
      c.id AS contact, c.go_on AS "goOn",
      (SELECT count(DISTINCT o.number_hash) FROM care.match o
        WHERE o.contact = c.id AND o.at <= r.at)::int AS "inContact",
      (SELECT count(*) FROM care.match o WHERE o.contact = c.id AND NOT o.matched
        AND o.at <= r.at)::int AS "missesInContact",
      (SELECT array_agg(o.at) FROM care.match o WHERE o.subject = c.subject AND o.at <= r.at
        AND o.at > r.at - ${MATCH_MS}) AS earlier,
      l.granted_at AS "grantedAt", l.unmasked, l.end_reason AS "endReason"
    FROM care.refusal r
    LEFT JOIN LATERAL (SELECT id, subject, go_on FROM care.contact c WHERE c.staff = r.staff
      AND c.opened_at <= r.at AND (c.closed_at IS NULL OR c.closed_at >= r.at)
      ORDER BY c.opened_at DESC LIMIT 1) c ON true
    LEFT JOIN LATERAL (SELECT granted_at, unmasked, end_reason FROM care.look l WHERE l.contact = c.id
      AND l.granted_at <= r.at ORDER BY l.granted_at DESC LIMIT 1) l ON true
    WHERE r.at >= ${window.from} AND r.at < ${window.until}
    ORDER BY r.at DESC LIMIT ${window.most}`.execute(on)
  return rows.map((row) => {
    const { at, staff, team, code, says, asked } = row
    const { inContact, ofPersonToday, missesInContact, grantedAt, unmasked } = row
    const counts = { inContact, askedBefore: false, ofPersonToday, missesInContact, goOn: row.goOn ?? false }
    return {
      ...{ at, staff, team, code, says, asked, ...nameOf(staff) },
      looksThisHour: { person: row.person, team: row.ofTeam },
      match: row.contact === null ? null : matchOf(at, row.earlier ?? [], counts),
      look:
        grantedAt === null
          ? null
          : { grantedAt, unmasked: unmasked ?? 0, timedOut: row.endReason === 'time' },
    }
  })
}
