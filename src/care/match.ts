import { createHmac } from 'node:crypto'
import { type E164, otherPartyKey } from '../calls/call-record.ts'
import { describeNumber, parseNumber } from '../calls/numbers.ts'
import type { CodeSent, Passed } from '../customers/customers.ts'
import { commitWith } from '../ledger/commit.ts'
import type { Field, Opening } from '../ledger/receipt.ts'
import { isRefusal, type Refusal, refuse } from '../platform/refusal.ts'
import type { StaffFacts } from '../staff/staff.ts'
import type { LookLimits } from '../staff/verification-policy.ts'
import { PSEUDONYM_KEY, subjectOf } from '../vault/subject.ts'
import { askForApproval } from './approvals.ts'
import { policyOf } from './contact-view.ts'
import { sealRendering } from './disclose.ts'
import { lookEntry } from './entry-drafts.ts'
import { decideMatch, matchNeedsCode } from './grant-rules.ts'
import { loadLook, openDoor } from './load.ts'
import type { LoadedLook } from './look-cache.ts'
import type { MatchViewData } from './look-schemas.ts'
import { countShown, insertRendering } from './look-store.ts'
import type { CareRoom } from './parties.ts'
import { startOfDay } from './period.ts'
import { countMatches, insertMatch } from './record-store.ts'
import { grantView, openingOf } from './reveal.ts'
import { rungOfLook } from './rules.ts'

/** Blind match: call detail that the customer supplies unaided may be confirmed (47 CFR 64.2010(b)). */

export interface MatchAsked {
  readonly number: string
  /** Local day within the look's month. */
  readonly day?: string
  /** The customer's fresh code, where the first rung asks for one. */
  readonly code?: string
}

const FIELDS: readonly Field[] = ['start', 'otherMatched']

/** Says whether a number appears, or that it does not or cannot be checked here: one answer for both. */
export async function matchNumber(
  room: CareRoom,
  staff: StaffFacts,
  id: string,
  asked: MatchAsked,
): Promise<MatchViewData | Refusal> {
  const loaded = await openDoor(room, staff, id, 'match', 'match-number')
  if (isRefusal(loaded)) return loaded
  const number = parseNumber(asked.number, room.plan)
  if (number === null)
    return refuse(
      'number-unreadable',
      'That is not a whole telephone number.',
      'Type all of it, as the caller says it.',
    )
  if (asked.day !== undefined && !asked.day.startsWith(loaded.look.month))
    return refuse(
      'month-not-offered',
      'That day lies outside the bill period.',
      'Ask for a day of that month.',
    )
  const { limits } = (await policyOf(room, loaded.contact)).rules
  const refusal = await limitsOf(room, staff, loaded, number, limits)
  if (refusal !== null) return refusal
  if (matchNeedsCode(rungOfLook(loaded.contact.passed, loaded.look))) {
    const fresh = await freshCode(room, loaded, number, limits, asked.code)
    if (isRefusal(fresh) || fresh !== 'passed') return fresh
  }
  return ask(room, loaded, number, limits, asked.day)
}

async function limitsOf(
  room: CareRoom,
  staff: StaffFacts,
  { look, contact }: LoadedLook,
  number: E164,
  limits: LookLimits,
): Promise<Refusal | null> {
  const pseudonym = subjectOf(room.keys.prfKey(PSEUDONYM_KEY), number)
  const circle = await room.staff.circle.circleOf(staff.id, pseudonym)
  if (circle.kind !== 'none')
    return refuse(
      'circle-number',
      'That number is too close to you.',
      'Pass the customer on to another office.',
    )
  const now = room.clock.now()
  const counts = await countMatches(room.db, {
    contact: contact.id,
    subject: contact.subject,
    staff: look.staff,
    numberHash: hashOf(room, number),
    since: now - limits.matchDays * 86_400_000,
    today: startOfDay(now, room.offsetMinutes),
  })
  return decideMatch({ ...counts, supervisorSaidGoOn: contact.goOn }, limits)
}

/** On the first rung the customer's fresh code stands between each number and its answer. */
async function freshCode(
  room: CareRoom,
  loaded: LoadedLook,
  number: E164,
  limits: LookLimits,
  code: string | undefined,
): Promise<'passed' | MatchViewData | Refusal> {
  const bindTo = `${loaded.contact.id}:${hashOf(room, number)}`
  const { subscriber, contact } = loaded
  const result = await commitWith<CodeSent | Passed | Refusal>(room.db, room.ledger, async (trx) =>
    code === undefined
      ? room.customers.sendCode(trx, subscriber, {
          purpose: 'blind-match',
          bindTo,
          countWith: contact.id,
          allows: {
            en: 'lets our staff say whether the number you named is in your calls',
            my: 'သင်ပြောသော နံပါတ် သင့်ဖုန်းမှတ်တမ်းတွင် ပါမပါ ကျွန်ုပ်တို့ဝန်ထမ်းအား ဖြေခွင့်ပြုသည်',
          },
        })
      : room.customers.checkCode(trx, subscriber, { purpose: 'blind-match', bindTo, code }),
  )
  if (isRefusal(result)) return result
  if ('passed' in result) return 'passed'
  return {
    answer: 'code-sent',
    says: { en: 'A code is on its way to her: type what she reads out.', my: 'ကုဒ်ပို့ပြီးပါပြီ၊ သူဖတ်ပြသည်ကို ရိုက်ထည့်ပါ။' },
    matchesLeft: limits.matchesAContact - loaded.look.matches,
    grant: await grantView(room, loaded),
  }
}

/**
 * Both answers take the same way: the same entries, the same reads and writes, every row compared. A helpline is
 * looked up like any number and never confirmed.
 */
async function ask(
  room: CareRoom,
  loaded: LoadedLook,
  number: E164,
  limits: LookLimits,
  day: string | undefined,
): Promise<MatchViewData> {
  const { look, contact } = loaded
  const at = room.clock.now()
  const opening = openingOf(look, FIELDS)
  const bounds = day === undefined ? opening : openingOfDay(opening, day, room.offsetMinutes)
  const reveal = await room.ledger.record(
    lookEntry('match', contact, look, at, { number, day: day ?? null }, { opening: bounds }),
  )
  const key = otherPartyKey({ kind: 'number', number })
  const rows = await room.vault.open<boolean>(await room.ledger.receiptFor(reveal), {
    other: ({ other }) => otherPartyKey(other) === key,
  })
  const hits = rows.reduce((sum, row) => sum + (row.other === true ? 1 : 0), 0)
  const helpline = ['service', 'toll-free'].includes(describeNumber(number, room.plan).type)
  const matched = hits > 0 && !helpline
  const answer = matched ? 'appears' : 'no-match'
  const rendering = sealRendering(room, look.id, JSON.stringify({ number, day: day ?? null, answer }))
  const misses = await commitWith(room.db, room.ledger, async (trx, append) => {
    const entry = await append(
      lookEntry('disclosure', contact, look, at, {
        of: 'match',
        reveal,
        fields: [...FIELDS],
        rowsShown: 0,
        rowsShownInLook: look.rowsShown,
        rowsTotal: look.rowsTotal ?? 0,
        rows: [],
        answer,
        rendering: rendering.commitment,
      }),
    )
    await insertRendering(trx, { entry, look: look.id, at, sealed: rendering.sealed })
    const of = {
      contact: contact.id,
      subject: contact.subject,
      staff: look.staff,
      numberHash: hashOf(room, number),
    }
    await insertMatch(trx, { ...of, at, matched })
    await countShown(trx, look.id, 'matches')
    const counts = await countMatches(trx, { ...of, since: at, today: at })
    if (counts.missesInContact === limits.missesAContact && !matched)
      await askForApproval(room, trx, contact, 'third-miss', look.id)
    return counts
  })
  room.looks.forget((other) => other.look.id === look.id)
  const after = (await loadLook(room, room.db, look.id)) ?? loaded
  return {
    answer,
    says: matched
      ? { en: 'Appears.', my: 'ပါရှိပါသည်။' }
      : { en: 'No match, or not checkable here.', my: 'မပါရှိပါ၊ သို့မဟုတ် ဤနေရာတွင် စစ်ဆေး၍ မရပါ။' },
    matchesLeft: Math.max(0, limits.matchesAContact - misses.inContact),
    grant: await grantView(room, after),
  }
}

function openingOfDay(opening: Opening, day: string, offsetMinutes: number): Opening {
  const begin = Date.parse(`${day}T00:00:00Z`) / 1000 - offsetMinutes * 60
  const from = Math.max(begin, opening.from)
  return { ...opening, from, until: Math.max(from, Math.min(begin + 86_400, opening.until)) }
}

function hashOf(room: CareRoom, number: E164): string {
  return createHmac('sha256', room.keys.prfKey('match-number')).update(number).digest('hex').slice(0, 32)
}
