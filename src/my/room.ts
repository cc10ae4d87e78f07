import type { FastifyReply, FastifyRequest } from 'fastify'
import type { NumberPlan } from '../calls/numbers.ts'
import { formatNumber } from '../calls/numbers.ts'
import type { KeyDoor } from '../care/desk.ts'
import type { CategoryNames } from '../care/headline.ts'
import { monthBounds, monthsBack } from '../care/period.ts'
import { CARE_PROBLEMS } from '../care/problems.ts'
import { refusalTextInBurmese } from '../care/refusal-words.ts'
import type { Customers, Subscriber } from '../customers/customers.ts'
import { CUSTOMER_PROBLEMS } from '../customers/problems.ts'
import type { Reports } from '../customers/reports.ts'
import { type CustomerSessions, customerOf } from '../customers/sessions.ts'
import type { CustomerCases } from '../incident/customer-cases.ts'
import type { RepresentativeDoor } from '../incident/representative-door.ts'
import type { KeyService } from '../keys/key-service.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Epochs } from '../ledger/subjects/epochs.ts'
import type { Clock } from '../platform/clock.ts'
import type { Db } from '../platform/database.ts'
import { csrfFieldOf } from '../platform/http/cookies.ts'
import type { Refusal } from '../platform/refusal.ts'
import type { Language, Words } from '../platform/words.ts'
import type { Vault } from '../vault/vault.ts'
import type { MyAssets } from './assets.ts'
import { KEY_REFUSALS_MY } from './key-words.ts'
import type { PageContext } from './layout.ts'
import { createTimeline, type Timeline } from './timeline.ts'
import { REFUSALS_MY } from './words.ts'

/** What her page needs of the house. */
export interface MyParties {
  readonly db: Db
  readonly keys: Pick<KeyService, 'sealer'>
  readonly ledger: Ledger
  /** The second log: what makes her list provably whole. */
  readonly epochs: Epochs
  readonly vault: Vault
  readonly customers: Customers
  /** What she answers on her phone when a member of staff asks to look. */
  readonly care: KeyDoor
  readonly sessions: CustomerSessions
  readonly reports: Reports
  /** What became of her reports beyond an answer: the cases that she is told of. */
  readonly customerCases: CustomerCases
  /** How whoever speaks for her comes in. */
  readonly representatives: RepresentativeDoor
  readonly clock: Clock
  readonly plan: NumberPlan
  /** Minutes east of UTC. */
  readonly offsetMinutes: number
  /** How the currency is written: `Ks`, `ကျပ်`. */
  readonly money: Words
  /** How many bill periods, this one included, she may see here. */
  readonly billPeriods: number
  readonly categories: CategoryNames
  readonly operatorName: string
}

/** The parties with what the routes share. */
export interface MyRoom extends MyParties {
  readonly assets: MyAssets
  readonly timeline: Timeline
}

/** Opens the room. */
export function createMyRoom(parties: MyParties, assets: MyAssets): MyRoom {
  return { ...parties, assets, timeline: createTimeline(parties) }
}

/** What a page knows of a signed-in customer. */
export async function signedInContext(room: MyRoom, request: FastifyRequest): Promise<PageContext> {
  const { subscriber } = customerOf(request)
  const { reports } = await room.reports.ofSubscriber(subscriber)
  return {
    ...commonContext(room, subscriber.language),
    csrf: csrfFieldOf(request, 'customer'),
    number: formatNumber(subscriber.number),
    hasCase: reports.length > 0 || (await room.customerCases.any(subscriber)),
  }
}

/** What a page knows of somebody who is not signed in. */
export function signedOutContext(room: MyRoom, language: Language): PageContext {
  return { ...commonContext(room, language), csrf: null, number: null, hasCase: false }
}

function commonContext(room: MyRoom, language: Language): Omit<PageContext, 'csrf' | 'number' | 'hasCase'> {
  return {
    language,
    languageAt: '/my/sign-in',
    offsetMinutes: room.offsetMinutes,
    now: room.clock.now(),
    operatorName: room.operatorName,
    countersigned: room.ledger.witnessing.countersigned(),
    alarm: room.ledger.witnessing.alarm(),
    assets: room.assets,
  }
}

/** Sends a page. Nothing of hers is kept by a browser or a proxy on the way. */
export function sendPage(reply: FastifyReply, page: string, status = 200): FastifyReply {
  return reply.code(status).type('text/html; charset=utf-8').header('cache-control', 'no-store').send(page)
}

/** The status of a refusal that is shown on a page. */
export function statusOf(refusal: Refusal): number {
  return CUSTOMER_PROBLEMS[refusal.code] ?? CARE_PROBLEMS[refusal.code] ?? 400
}

const OWN_REFUSALS_MY: Readonly<Record<string, string>> = { ...KEY_REFUSALS_MY, ...REFUSALS_MY }

/** What a refusal says to her, in her language. */
export function refusalText(refusal: Refusal, language: Language, words = OWN_REFUSALS_MY): string {
  const my = language === 'my' ? (words[refusal.code] ?? refusalTextInBurmese(refusal)) : null
  return my ?? `${refusal.says} ${refusal.next}`
}

/** The bill periods that she may see: within her tenure, newest first; never none. */
export function monthsOf(room: MyRoom, subscriber: Subscriber): string[] {
  const months = monthsBack(room.clock.now(), room.billPeriods, room.offsetMinutes)
  return months.filter(
    (month, i) => i === 0 || monthBounds(month, room.offsetMinutes).until > subscriber.tenureFrom,
  )
}
