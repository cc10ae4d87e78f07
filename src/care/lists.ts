import { sql } from 'kysely'
import type { Static } from 'typebox'
import type { E164 } from '../calls/call-record.ts'
import { formatNumber } from '../calls/numbers.ts'
import { isRefusal } from '../platform/refusal.ts'
import type { StaffFacts } from '../staff/staff.ts'
import { readApprovals, readGlasses } from './approval-store.ts'
import { approvalWords } from './approvals.ts'
import { glassView } from './break-glass.ts'
import { JUSTIFY_WITHIN_MS } from './grant-rules.ts'
import type { ContactLine, DayViewData, TeamViewData } from './look-schemas.ts'
import type { CareRoom, On } from './parties.ts'
import { dayOf, startOfDay } from './period.ts'
import { readRefusals } from './record-store.ts'
import { type Passed, rungOf } from './rules.ts'
import type { LiveCallView } from './schemas.ts'
import type { Look } from './store.ts'

/** The lists of a day and of a team: no number and no name in any of them. */

type Line = Static<typeof ContactLine>
const DAY_MS = 86_400_000

/** The call at this person's desk, if there is one, and its contact. */
export async function callsAtDesk(room: CareRoom, staff: StaffFacts): Promise<Static<typeof LiveCallView>[]> {
  const call = (await room.telephony?.liveCallAtDesk(staff.deskName)) ?? null
  if (call === null) return []
  const found = await sql<{ id: string }>`
    SELECT id FROM care.contact WHERE call_id = ${call.callId} AND closed_at IS NULL LIMIT 1`.execute(room.db)
  return [
    {
      call: call.callId,
      desk: call.desk,
      number: formatNumber(call.number as E164),
      networkAsserted: call.networkAsserted,
      startedAt: call.startedAt,
      contact: found.rows[0]?.id ?? null,
    },
  ]
}

/** This person's contacts of the last 30 days, newest first, at most 200. */
export async function contactsOf(room: CareRoom, staff: StaffFacts): Promise<Line[]> {
  return readLines(room.db, { staff: staff.id, since: room.clock.now() - 30 * DAY_MS })
}

/** Contacts by id for the search box: those that this person may see as a line. */
export async function findContacts(room: CareRoom, staff: StaffFacts, text: string): Promise<Line[]> {
  if (!/^[0-9a-f]{4,24}$/.test(text)) return []
  const refusal = room.staff.policy.decide({
    staff,
    action: 'find-contacts',
    resource: { type: 'Desk', id: 'care' },
  })
  if (isRefusal(refusal)) return []
  const whole = staff.roles.includes('supervisor') ? { team: staff.team } : { staff: staff.id }
  const lines = await readLines(room.db, { ...whole, since: room.clock.now() - 90 * DAY_MS })
  return lines.filter((line) => line.id.startsWith(text)).slice(0, 10)
}

/** My day: my contacts, who asks for my word, my refusals and why, and what is recorded about me. */
export async function dayOfStaff(room: CareRoom, staff: StaffFacts): Promise<DayViewData> {
  const now = room.clock.now()
  const since = startOfDay(now, room.offsetMinutes)
  const [lines, refusals, recorded, words, glasses] = await Promise.all([
    readLines(room.db, { staff: staff.id, since }),
    readRefusals(room.db, staff.id, since),
    readRecorded(room.db, staff.id, since),
    staff.device.shop === null ? [] : readSecondWords(room.db, staff, now),
    readGlasses(room.db, since),
  ])
  return {
    day: dayOf(now, room.offsetMinutes),
    open: lines.filter((line) => line.closedAt === null),
    closed: lines.filter((line) => line.closedAt !== null),
    secondWords: words,
    refusals,
    recorded: { ...recorded, refusals: refusals.length },
    toJustify: glasses
      .filter((glass) => glass.staff === staff.id && glass.justifiedAt === null && glass.reviewedAt === null)
      .map((glass) => ({
        breakGlass: glass.id,
        contact: glass.contact,
        until: glass.at + JUSTIFY_WITHIN_MS,
      })),
  }
}

/** The team's live contacts without private data, what waits for a second word, and broken glass. */
export async function teamOf(room: CareRoom, staff: StaffFacts): Promise<TeamViewData> {
  const now = room.clock.now()
  const since = startOfDay(now, room.offsetMinutes)
  const officer = staff.roles.includes('privacy-officer')
  const [live, approvals, glasses, counts] = await Promise.all([
    readLines(room.db, { ...(officer ? {} : { team: staff.team }), since: now - DAY_MS }),
    readApprovals(room.db, now),
    readGlasses(room.db, now - 7 * DAY_MS),
    readTeamCounts(room.db, staff.team, since),
  ])
  return {
    live: live.filter((line) => line.closedAt === null),
    approvals: approvals.map((approval) => ({
      id: approval.id,
      kind: approval.kind,
      contact: approval.contact,
      askedBy: approval.askedDesk,
      office: approval.office,
      at: approval.at,
      until: approval.untilAt,
      says: approvalWords(approval.kind),
      why:
        approval.team === staff.team
          ? { en: 'A supervisor of another team decides this.', my: 'အခြားအဖွဲ့မှ ကြီးကြပ်ရေးမှူး ဆုံးဖြတ်ရမည်။' }
          : null,
    })),
    brokenGlass: glasses.map((glass) => glassView(room, glass)),
    ...counts,
  }
}

async function readLines(on: On, of: { staff?: string; team?: string; since: number }): Promise<Line[]> {
  const result = await sql<Omit<Line, 'rung' | 'look'> & { passed: Passed[]; look: Look['state'] | null }>`
    SELECT c.id, c.state, CASE WHEN c.break_glass THEN 'break-glass' ELSE c.channel END AS channel,
      c.opened_at AS "openedAt", c.closed_at AS "closedAt", c.desk_name AS "deskName", c.office, c.confirmed,
      c.resolution, c.break_glass AS "brokenGlass", c.passed,
      (SELECT l.state FROM care.look l WHERE l.contact = c.id ORDER BY l.granted_at DESC LIMIT 1) AS look
    FROM care.contact c
    WHERE c.opened_at >= ${of.since}
      AND (${of.staff ?? null}::text IS NULL OR c.staff = ${of.staff ?? null})
      AND (${of.team ?? null}::text IS NULL OR c.team = ${of.team ?? null})
    ORDER BY c.opened_at DESC LIMIT 200`.execute(on)
  return result.rows.map(({ passed, look, ...line }) => ({
    ...line,
    rung: rungOf(passed),
    look: look ?? 'none',
  }))
}

async function readRecorded(
  on: On,
  staff: string,
  since: number,
): Promise<{ looks: number; rows: number; matches: number; unmasked: number }> {
  const result = await sql<{ looks: number; rows: number; matches: number; unmasked: number }>`
    SELECT count(*) FILTER (WHERE opened)::int AS looks, coalesce(sum(rows_shown), 0)::int AS rows,
      coalesce(sum(matches), 0)::int AS matches, coalesce(sum(unmasked), 0)::int AS unmasked
    FROM care.look WHERE staff = ${staff} AND granted_at >= ${since}`.execute(on)
  return result.rows[0] as { looks: number; rows: number; matches: number; unmasked: number }
}

async function readSecondWords(
  on: On,
  staff: StaffFacts,
  now: number,
): Promise<{ contact: string; askedBy: string; at: number }[]> {
  const result = await sql<{ contact: string; askedBy: string; at: number }>`
    SELECT id AS contact, desk_name AS "askedBy", (pending->>'startedAt')::bigint AS at
    FROM care.contact
    WHERE closed_at IS NULL AND shop = ${staff.device.shop} AND staff <> ${staff.id}
      AND pending->>'factor' = 'photo-id' AND (pending->>'until')::bigint > ${now}
    ORDER BY opened_at`.execute(on)
  return result.rows
}

async function readTeamCounts(
  on: On,
  team: string,
  since: number,
): Promise<{ refusalsToday: number; looksToday: number }> {
  const result = await sql<{ refusalsToday: number; looksToday: number }>`
    SELECT (SELECT count(*) FROM care.refusal WHERE team = ${team} AND at >= ${since})::int AS "refusalsToday",
      (SELECT count(*) FROM care.look WHERE team = ${team} AND granted_at >= ${since} AND opened)::int AS "looksToday"
    `.execute(on)
  return result.rows[0] as { refusalsToday: number; looksToday: number }
}
