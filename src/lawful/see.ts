import type { E164 } from '../calls/call-record.ts'
import { isRefusal, type Refusal } from '../platform/refusal.ts'
import type { StaffFacts } from '../staff/staff.ts'
import { holdsOf } from '../vault/holds.ts'
import { PSEUDONYM_KEY, subjectOf } from '../vault/subject.ts'
import { loadRequest, openCase } from './book.ts'
import type { Command } from './command.ts'
import { frameOf, type Held, type LawfulParties } from './parties.ts'
import { openFacts } from './production.ts'
import type { Case, Key } from './request.ts'
import { step } from './rules.ts'
import { spansOf } from './spans.ts'
import { listLetters, listRequests, readKeyOf, readPackage } from './store.ts'
import { type DeskFacts, suggest } from './suggestions.ts'
import {
  boardLine,
  type DeskView,
  type KeySeen,
  type PersonSeen,
  type RegulatorView,
  regulatorView,
} from './views.ts'

/** Puts together what each side sees of one request. */

/** The operator's page of a request. */
export async function deskView(
  room: LawfulParties,
  staff: StaffFacts,
  id: string,
): Promise<DeskView | Refusal> {
  const held = await loadRequest(room, room.db, id)
  if (isRefusal(held)) return held
  const { case: one } = held
  const frame = frameOf(room, one.filing.frame)
  const stored = await readPackage(room.db, id)
  const holds = await holdsIn(room, id)
  const open = one.state === 'reviewing' && one.first === null
  const { may, whyNot } = mayDo(room, held, staff)
  return {
    ...boardLine(held, frame),
    filing: one.filing,
    filedBy: await seen(room, one.filedBy),
    filter: one.filter && { ...one.filter, by: await seen(room, one.filter.by) },
    checks: one.checks,
    suggestions: open ? suggest(one, frame, await deskFacts(room, held)) : {},
    first: await keySeen(room, one.first),
    second: await keySeen(room, one.second),
    scope: one.scope,
    ground: one.ground,
    missing: one.missing,
    letters: (await listLetters(room.db, id)).map(({ digest, added_at }) => ({ digest, at: added_at })),
    holds: {
      count: holds.length,
      endsAt: holds[0]?.endsAt ?? null,
      extended: holds.some(({ extended }) => extended),
    },
    package: stored && {
      facts: openFacts(room, id, stored.facts),
      digest: stored.digest,
      madeAt: stored.made_at,
      fetchedAt: stored.fetched_at,
    },
    recipientKey: (await readKeyOf(room.db, one.filing.frame, one.filing.authority)) !== null,
    deliveredAt: one.deliveredAt,
    secrecyUntil: one.secrecyUntil,
    toldAt: one.toldAt,
    afterReview: one.afterReview && { ...one.afterReview, by: await seen(room, one.afterReview.by) },
    may,
    whyNot,
  }
}

/** The regulator's page of a request. */
export async function regulatorPage(
  room: LawfulParties,
  staff: StaffFacts,
  id: string,
): Promise<RegulatorView | Refusal> {
  const held = await loadRequest(room, room.db, id)
  if (isRefusal(held)) return held
  const { case: one } = held
  const frame = frameOf(room, one.filing.frame)
  const stored = one.deliveredAt === null ? null : await readPackage(room.db, id)
  return regulatorView(held, frame, {
    may: mayDo(room, held, staff).may,
    letters: (await listLetters(room.db, id)).map(({ digest, added_at }) => ({ digest, at: added_at })),
    package: stored && {
      digest: stored.digest,
      until: (one.deliveredAt ?? 0) + frame.deadlines.packageDays * 86_400_000,
    },
  })
}

async function holdsIn(room: LawfulParties, id: string) {
  return room.db.transaction().execute((trx) => holdsOf(trx, id))
}

/** What can be seen in our own data for the standards that ask for it. For the desk alone. */
async function deskFacts(room: LawfulParties, held: Held): Promise<DeskFacts> {
  const { identifiers } = held.case.filing
  const numbers = identifiers.filter(({ type }) => type === 'msisdn')
  let employees = 0
  let changedHands = 0
  for (const { value, from, until } of numbers) {
    const subject = subjectOf(room.keys.prfKey(PSEUDONYM_KEY), value as E164)
    if ((await room.staff.circle.circleOf('nobody', subject)).kind === 'colleague') employees += 1
    if (spansOf(subject, await room.customers.holders(room.db, subject), { from, until }).length > 1)
      changedHands += 1
  }
  const answered = (
    await listRequests(room.db, { states: ['delivered', 'acknowledged', 'closed'], limit: 500 })
  )
    .filter(({ id }) => id !== held.id)
    .map((row) => openCase(room, row))
    .filter(({ case: other }) =>
      numbers.some((one) =>
        other.filing.identifiers.some(
          (o) => o.value === one.value && o.from < one.until && o.until > one.from,
        ),
      ),
    )
  const now = new Date(room.clock.now())
  return {
    answeredBefore: answered.map(({ serial }) => serial),
    keptFrom: Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - room.storeMonths(), 1) / 1000,
    employees,
    changedHands,
  }
}

async function seen(room: LawfulParties, id: string): Promise<PersonSeen | null> {
  const person = await room.staff.duty.find(id)
  return person === null ? null : { deskName: person.deskName, name: person.name }
}

async function keySeen(room: LawfulParties, key: Key | null): Promise<KeySeen | null> {
  return key === null ? null : { ...key, by: await seen(room, key.by) }
}

const PROBES: Readonly<Record<string, Command>> = {
  take: { do: 'take' },
  filter: { do: 'filter', outcome: 'refused', reason: 'x'.repeat(500), ground: 'out-of-scope-offence' },
  'answer-checks': { do: 'answer-checks', answers: [{ check: 'V1', answer: 'yes', reason: 'probe' }] },
  return: { do: 'return', missing: ['probe'], reason: 'probe' },
  rule: { do: 'rule', answer: { kind: 'refuse', ground: '' }, reasons: 'x'.repeat(500) },
  second: { do: 'second', answer: { kind: 'refuse', ground: '' }, reasons: 'x'.repeat(500) },
  produce: { do: 'produce' },
  release: { do: 'release' },
  acknowledge: { do: 'acknowledge' },
  close: { do: 'close' },
  withdraw: { do: 'withdraw', reason: 'probe' },
  'after-review': { do: 'after-review', finding: 'not-confirmed', reasons: 'x'.repeat(500) },
  duress: { do: 'duress', reason: 'probe' },
}
/** Refused for what is missing in the probe, not for who asks: the step itself is open. */
const OPEN_ANYWAY = ['ground-unknown']

/** What this person may do now: the rules are asked, so that a page never offers what they refuse. */
function mayDo(
  room: LawfulParties,
  { case: one }: Held,
  staff: StaffFacts,
): { may: string[]; whyNot: Record<string, string> } {
  const frame = frameOf(room, one.filing.frame)
  const may: string[] = []
  const whyNot: Record<string, string> = {}
  for (const [name, command] of Object.entries(PROBES)) {
    const result: Case | Refusal = step(one, command, { now: room.clock.now(), frame, actor: staff })
    if (!isRefusal(result) || OPEN_ANYWAY.includes(result.code)) may.push(name)
    else if (result.code !== 'not-now' && result.code !== 'not-your-step') whyNot[name] = result.says
  }
  if (one.state === 'returned' && staff.roles.includes('regulator-officer')) may.push('complete')
  return { may, whyNot }
}
