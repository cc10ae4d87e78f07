import { isRefusal } from '../platform/refusal.ts'
import type { Words } from '../platform/words.ts'
import type { StaffFacts } from '../staff/staff.ts'
import { tellLook } from './as-it-was.ts'
import { headlineOf } from './headline.ts'
import { whyNotJudge } from './judge.ts'
import { BUDGET, type WatchParties } from './parties.ts'
import type { AlertCardData, AlertLineData, WatchViewData } from './schemas.ts'
import { oddsWords, peersOf, reasonsOf, speaksFor } from './sentences.ts'
import {
  type Alert,
  countAudits,
  countLooks,
  readLooks,
  readLooksOfAlert,
  readNewestLook,
  readOff,
  readOpenAlerts,
  readPair,
  readTrend,
  readVerdicts,
  type TrendRow,
  type WatchedLook,
} from './store.ts'

/** What the page shows: the list with how good it is, and one card with its reasons. */

const DAY_MS = 86_400_000
/** The sealer's purpose for what people write here. */
export const SAYS = 'watch-says'
const TREND_WEEKS = 6
const LAST_VERDICTS = 16

/** The list, how good it has been, what chance found, and how offices and teams go. */
export async function watchView(parties: WatchParties, staff: StaffFacts): Promise<WatchViewData> {
  const { db, clock } = parties
  const now = clock.now()
  const day = await dayOf(parties, now)
  const [counts, alerts, verdicts, audits, trend, off] = await Promise.all([
    countLooks(db, day.from, day.until),
    readOpenAlerts(db),
    readVerdicts(db, LAST_VERDICTS),
    countAudits(db, now - 365 * DAY_MS),
    readTrend(db, now, TREND_WEEKS),
    readOff(db),
  ])
  const lines = []
  for (const alert of alerts) if (alert.staff !== staff.id) lines.push(await alertLine(parties, staff, alert))
  return {
    day: { ...day, ...counts },
    alerts: lines.filter((line) => line !== null),
    precision: {
      of: verdicts.length,
      led: verdicts.filter(({ verdict }) => verdict !== 'fine').length,
      last: verdicts.map(({ verdict }) => verdict!),
      promisedPerThousand: BUDGET.alertsPerThousand,
    },
    // With n looks drawn and none found, at most 3/n are missed (95% confidence).
    audit: {
      ...audits,
      atMost: audits.judged > 0 && audits.found === 0 ? Math.min(1, 3 / audits.judged) : null,
    },
    trend: trendOf(trend),
    off: await Promise.all(
      off.map(async ({ office, reason, byStaff, since }) => ({
        office,
        reason,
        since,
        by: (await parties.staff.duty.find(byStaff))?.deskName ?? '',
      })),
    ),
  }
}

/** One card. */
export async function alertCard(
  parties: WatchParties,
  staff: StaffFacts,
  alert: Alert,
): Promise<AlertCardData> {
  const ids = new Set(await readLooksOfAlert(parties.db, alert.id))
  const look = worst(await readLooks(parties.db, [...ids]))
  const line = lineOf(staff, alert, look, ids.size)
  const pair = await readPair(parties.db, alert.staff, alert.subject)
  const entries = await parties.ledger.entriesAbout(alert.subject, { limit: 500 })
  const { contact } = look.scored.access
  return {
    ...line,
    customer: alert.subject.slice(0, 4).toUpperCase(),
    peers: peersOf(look.scored),
    reasons: reasonsOf(look.scored),
    speaksFor: speaksFor(look.scored),
    asItWas: tellLook(entries, look.id, contact ?? contactOf(entries, look.id)),
    pair: pair.map((one) => ({
      look: one.id,
      at: one.at,
      month: one.month,
      purpose: one.purpose,
      channel: one.channel,
      level: one.level,
      rows: one.scored.later.rows ?? null,
      entry: one.entry,
      asked: ids.has(one.id),
    })),
    proposedSays:
      alert.verdict === null && alert.says !== null ? openSays(parties, alert.id, alert.says) : null,
  }
}

/** What a judge wrote, opened. */
function openSays({ keys }: WatchParties, alert: string, sealed: Buffer): string {
  return keys.sealer.open(SAYS, alert, sealed).toString()
}

async function alertLine(
  parties: WatchParties,
  staff: StaffFacts,
  alert: Alert,
): Promise<AlertLineData | null> {
  const ids = await readLooksOfAlert(parties.db, alert.id)
  const looks = await readLooks(parties.db, ids)
  return looks.length === 0 ? null : lineOf(staff, alert, worst(looks), ids.length)
}

function lineOf(staff: StaffFacts, alert: Alert, look: WatchedLook, looks: number): AlertLineData {
  const no = whyNotJudge(alert, staff)
  return {
    id: alert.id,
    number: alert.number,
    deskName: look.deskName,
    office: alert.office,
    why: alert.why,
    headline: headlineOf(alert, look, looks),
    odds: oddsWords(Math.min(alert.p, look.p), look.scored.compared),
    at: look.at,
    looks,
    supervisor: alert.supervisor,
    proposed: alert.proposed,
    blocked: isRefusal(no) ? wordsOfNo(no.code) : null,
  }
}

/** The gravest look speaks for the card. */
function worst(looks: readonly WatchedLook[]): WatchedLook {
  return looks.reduce((most, look) =>
    (look.hard !== null && most.hard === null) || (look.hard === most.hard && look.p < most.p) ? look : most,
  )
}

function contactOf(entries: readonly { body: unknown }[], grant: string): string | null {
  const found = entries.find(({ body }) => (body as { grant?: string } | null)?.grant === grant)
  return (found?.body as { contact?: string } | undefined)?.contact ?? null
}

function wordsOfNo(code: string): Words {
  return code === 'alert-own-office'
    ? {
        en: 'Looks of your own office are judged by another one.',
        my: 'မိမိရုံး၏ ကြည့်ရှုမှုကို အခြားရုံးက ဆုံးဖြတ်သည်။',
      }
    : { en: 'This question is settled.', my: 'ဤမေးခွန်း ဖြေရှင်းပြီး ဖြစ်သည်။' }
}

/** Yesterday, or the day of the newest look where yesterday had none. */
async function dayOf(
  { db, offsetMinutes }: WatchParties,
  now: number,
): Promise<{ from: number; until: number }> {
  const offset = offsetMinutes * 60_000
  const midnight = (at: number) => Math.floor((at + offset) / DAY_MS) * DAY_MS - offset
  const yesterday = midnight(now) - DAY_MS
  const { looks } = await countLooks(db, yesterday, yesterday + DAY_MS)
  const from = looks > 0 ? yesterday : midnight((await readNewestLook(db)) ?? yesterday)
  return { from, until: from + DAY_MS }
}

/** Offices first, then their teams; weeks oldest first. People are in no line of it. */
function trendOf(rows: readonly TrendRow[]): WatchViewData['trend'] {
  const lines = new Map<
    string,
    { office: string; team: string | null; looks: number[]; unexplained: number[] }
  >()
  const add = (office: string, team: string | null, row: TrendRow) => {
    const key = `${office} ${team ?? ''}`
    const line = lines.get(key) ?? {
      office,
      team,
      looks: new Array<number>(TREND_WEEKS).fill(0),
      unexplained: new Array<number>(TREND_WEEKS).fill(0),
    }
    const at = TREND_WEEKS - 1 - row.week
    if (at < 0 || at >= TREND_WEEKS) return
    line.looks[at]! += row.looks
    line.unexplained[at]! += row.unexplained
    lines.set(key, line)
  }
  for (const row of rows) add(row.office, null, row)
  for (const row of rows) add(row.office, row.team, row)
  return [...lines.values()].map(({ office, team, looks, unexplained }) => ({
    office,
    team,
    perThousand: looks.map((of, at) => (of === 0 ? null : (1000 * unexplained[at]!) / of)),
    looks: looks.reduce((sum, of) => sum + of, 0),
  }))
}
