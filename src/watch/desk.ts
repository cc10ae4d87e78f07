import { commitWith } from '../ledger/commit.ts'
import type { EntryDraft, JsonObject } from '../ledger/entry.ts'
import type { Trx } from '../platform/database.ts'
import { isRefusal, type Refusal, refuse } from '../platform/refusal.ts'
import type { StaffFacts } from '../staff/staff.ts'
import { alertCard, SAYS, watchView } from './card.ts'
import type { Verdict, WatchEntryBody, WatchEntryKind } from './entries.ts'
import { decideVerdict } from './judge.ts'
import { startWatching } from './live.ts'
import type { WatchParties } from './parties.ts'
import type { AlertCardData, OwnLooksData, WatchViewData } from './schemas.ts'
import {
  type Alert,
  deleteOff,
  insertHandover,
  insertOff,
  insertWord,
  readAlert,
  readHandovers,
  readLooksOfAlert,
  readLooksToMention,
  readOwnLooks,
  saveHandoverTaken,
  saveVerdict,
  saveWordAnswer,
} from './store.ts'
import { openWatcher, type Watcher } from './watcher.ts'

/** The watch room: what it shows, what is judged there, and what it hands on. */
export interface WatchDesk {
  /** The morning's list. */
  view(staff: StaffFacts): Promise<WatchViewData | Refusal>
  /** Opens one card; that it was opened, and by whom, is recorded first. */
  open(staff: StaffFacts, id: string): Promise<AlertCardData | Refusal>
  /** Judges; about a supervisor two people say the same. */
  judge(
    staff: StaffFacts,
    id: string,
    given: { verdict: Verdict; says: string },
  ): Promise<{ state: 'proposed' | 'settled'; verdict: Verdict } | Refusal>
  /** Switches watching off for an office, or on again, with a reason. */
  switchOffice(
    staff: StaffFacts,
    to: 'off' | 'on',
    ask: { office: string; reason: string },
  ): Promise<null | Refusal>
  /** What is recorded about one's own looks, without an open question. */
  ownLooks(staff: StaffFacts): Promise<OwnLooksData>
  /** Says what a look was for. */
  answerWord(staff: StaffFacts, look: string, says: string): Promise<null | Refusal>
  /** The evening's work: a word to whoever looked without an explanation. */
  speakInTheEvening(): Promise<number>
  /** Confirmed incidents that nobody has taken; for the incident room. */
  handovers(): Promise<{ alert: string; at: number }[]>
  /** Whom an alert is about, for the incident room; null when there is none. */
  about(alert: string): Promise<{ staff: string; subject: string; says: string } | null>
  /** The incident room has it, under this id; false when it was taken before. */
  takeHandover(trx: Trx, alert: string, incident: string): Promise<boolean>
  /** The reading of the ledger, opened on first use. */
  watcher(): Promise<Watcher>
  /** Begins to follow the ledger, on one server of the cluster. */
  start(): void
  close(): Promise<void>
}

const DAY_MS = 86_400_000
const EVENING_HOUR = 18

/** Opens the room; registers its job, so call it before `jobs.start`. */
export function createWatchDesk(parties: WatchParties): WatchDesk {
  const { jobs, clock, db } = parties
  let opening: Promise<Watcher> | undefined
  const watcher = () => {
    opening ??= openWatcher(parties)
    return opening
  }
  let stop: (() => Promise<void>) | undefined
  const speak = () => speakInTheEvening(parties)
  jobs.every('watch-evening', `0 ${utcHourOf(EVENING_HOUR, parties.offsetMinutes)} * * *`, async () => {
    await speak()
  })
  return {
    view: async (staff) => mayNot(parties, staff, 'see-watch') ?? watchView(parties, staff),
    open: (staff, id) => openAlert(parties, staff, id),
    judge: (staff, id, given) => judge(parties, staff, id, given),
    switchOffice: (staff, to, ask) => switchOffice(parties, staff, to, ask),
    ownLooks: (staff) => ownLooks(parties, staff),
    answerWord: (staff, look, says) => answerWord(parties, staff, look, says),
    speakInTheEvening: speak,
    handovers: () => readHandovers(db),
    about: (alert) => about(parties, alert),
    takeHandover: (trx, alert, incident) =>
      saveHandoverTaken(trx, alert, { takenAt: clock.now(), takenAs: incident }),
    watcher,
    start() {
      stop = startWatching(parties, watcher)
    },
    async close() {
      await stop?.()
      await (await opening)?.keep()
    },
  }
}

async function about({ db, keys }: WatchParties, id: string) {
  const alert = await readAlert(db, id)
  if (alert === null) return null
  const { staff, subject, says } = alert
  return { staff, subject, says: says === null ? '' : keys.sealer.open(SAYS, id, says).toString('utf8') }
}

async function openAlert(
  parties: WatchParties,
  staff: StaffFacts,
  id: string,
): Promise<AlertCardData | Refusal> {
  const no = mayNot(parties, staff, 'see-watch')
  if (no !== null) return no
  const alert = await readAlert(parties.db, id)
  // An alert about oneself does not exist for oneself.
  if (alert === null || alert.staff === staff.id) return notFound()
  const looks = await readLooksOfAlert(parties.db, id)
  const { deskName, office } = staff
  await parties.ledger.record(
    draft(
      'watch-alert-opened',
      { alert: id, staff: alert.staff, looks, by: staff.id, deskName, office },
      alert,
    ),
  )
  return alertCard(parties, staff, alert)
}

async function judge(
  parties: WatchParties,
  staff: StaffFacts,
  id: string,
  { verdict, says }: { verdict: Verdict; says: string },
): Promise<{ state: 'proposed' | 'settled'; verdict: Verdict } | Refusal> {
  const no = mayNot(parties, staff, 'judge-alert')
  if (no !== null) return no
  return commitWith<{ state: 'proposed' | 'settled'; verdict: Verdict } | Refusal>(
    parties.db,
    parties.ledger,
    async (trx, append) => {
      const alert = await readAlert(trx, id, { lock: true })
      if (alert === null) return notFound()
      const does = decideVerdict(alert, staff, verdict)
      if (isRefusal(does)) return does
      const at = parties.clock.now()
      const looks = await readLooksOfAlert(trx, id)
      const { deskName, office } = staff
      const said = { alert: id, staff: alert.staff, looks, by: staff.id, deskName, office, verdict, says }
      const sealed = parties.keys.sealer.seal(SAYS, id, Buffer.from(says))
      if (does === 'propose') {
        await saveVerdict(trx, id, { proposed: verdict, proposedBy: staff.id, proposedAt: at, says: sealed })
        await append(draft('watch-verdict-proposed', said, alert))
        return { state: 'proposed', verdict }
      }
      await saveVerdict(trx, id, { verdict, verdictBy: staff.id, verdictAt: at, says: sealed })
      await append({
        ...draft('watch-verdict', { ...said, proposedBy: alert.proposedBy }, alert),
        header: { office: alert.office, category: alert.why, outcome: verdict },
      })
      if (verdict === 'incident') await handOver(parties, trx, id, at)
      return { state: 'settled', verdict }
    },
  )
}

/** A confirmed incident waits for the incident room, and its people are told. */
async function handOver(parties: WatchParties, trx: Trx, alert: string, at: number): Promise<void> {
  await insertHandover(trx, alert, at)
  for (const colleague of await parties.staff.duty.onCall('investigator'))
    await parties.notifications.publish(trx, 'notice', {
      staffId: colleague.id,
      kind: 'watch-incident',
      id: alert,
    })
}

async function switchOffice(
  parties: WatchParties,
  staff: StaffFacts,
  to: 'off' | 'on',
  { office, reason }: { office: string; reason: string },
): Promise<null | Refusal> {
  const no = mayNot(parties, staff, 'switch-watch')
  if (no !== null) return no
  return commitWith<null | Refusal>(parties.db, parties.ledger, async (trx, append) => {
    const since = parties.clock.now()
    const done =
      to === 'off'
        ? await insertOff(trx, { office, reason, byStaff: staff.id, since })
        : await deleteOff(trx, office)
    if (!done)
      return to === 'off'
        ? refuse('watch-already-off', 'Nobody watches this office now.', 'Nothing needs to be done.')
        : refuse('watch-already-on', 'This office is watched.', 'Nothing needs to be done.')
    await append({
      kind: `watch-${to}`,
      header: { office },
      body: { office, reason, by: staff.id },
      actor: staff.id,
    })
    return null
  })
}

async function ownLooks({ db, clock }: WatchParties, staff: StaffFacts): Promise<OwnLooksData> {
  const looks = await readOwnLooks(db, staff.id, clock.now() - 30 * DAY_MS)
  return {
    looks: looks.map((look) => ({
      look: look.id,
      at: look.at,
      month: look.month,
      purpose: look.purpose,
      channel: look.channel,
      level: look.level,
      rows: look.scored.later.rows ?? null,
      // A word once given stays, whatever was asked later: its going away would be a warning.
      asks: look.toldAt !== null && look.answeredAt === null,
      answered: look.answeredAt !== null,
      settled: look.verdict === 'fine' || look.verdict === 'coaching' ? look.verdict : null,
    })),
  }
}

async function answerWord(
  parties: WatchParties,
  staff: StaffFacts,
  look: string,
  says: string,
): Promise<null | Refusal> {
  return commitWith<null | Refusal>(parties.db, parties.ledger, async (trx, append) => {
    const sealed = parties.keys.sealer.seal(SAYS, look, Buffer.from(says))
    const answer = { answeredAt: parties.clock.now(), says: sealed }
    if (!(await saveWordAnswer(trx, look, staff.id, answer)))
      return refuse('word-not-found', 'Nothing is asked about this look.', 'Reload the page.')
    await append({
      kind: 'watch-justified',
      header: null,
      body: { look, staff: staff.id, says },
      actor: staff.id,
    })
    return null
  })
}

/** Tells each person of today's looks that nothing explains and nobody asks about; gives how many. */
async function speakInTheEvening(parties: WatchParties): Promise<number> {
  const { db, clock, ledger, notifications } = parties
  const now = clock.now()
  const looks = await readLooksToMention(db, now - DAY_MS, now)
  for (const { id, staff } of looks)
    await commitWith(db, ledger, async (trx, append) => {
      if (!(await insertWord(trx, { look: id, staff, toldAt: now }))) return
      await append({ kind: 'watch-word', header: null, body: { look: id, staff } })
      await notifications.publish(trx, 'notice', { staffId: staff, kind: 'watch-word', id })
    })
  return looks.length
}

function mayNot(parties: WatchParties, staff: StaffFacts, action: string): Refusal | null {
  return parties.staff.policy.decide({ staff, action, resource: { type: 'Desk', id: 'watch' } })
}

/** Entries about an alert say nothing in their header, or their times would be a warning. */
function draft<K extends WatchEntryKind>(
  kind: K,
  body: WatchEntryBody<K>,
  alert: Pick<Alert, 'subject'>,
): EntryDraft {
  return {
    kind,
    header: null,
    body: body as unknown as JsonObject,
    subject: alert.subject,
    actor: byOf(body),
  }
}

function byOf(body: object): string | null {
  return 'by' in body && typeof body.by === 'string' ? body.by : null
}

function notFound(): Refusal {
  return refuse('alert-not-found', 'There is no such question.', 'Go back to the list.')
}

function utcHourOf(localHour: number, offsetMinutes: number): number {
  return (((localHour * 60 - offsetMinutes) / 60 + 24) | 0) % 24
}
