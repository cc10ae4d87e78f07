import type { DataField } from '../src/calls/lawful-frame.ts'
import { localStart } from '../src/care/period.ts'
import { CHECK_IDS, type CheckId } from '../src/lawful/checks.ts'
import type { Command } from '../src/lawful/command.ts'
import type { Scope } from '../src/lawful/request.ts'
import type { FilingInput } from '../src/lawful/schemas.ts'
import type { StaffFacts } from '../src/staff/staff.ts'
import { OFFSET_SECONDS } from './operator.ts'
import { asStaff, type Interlude, type Stage } from './seed-contacts.ts'
import { granted } from './seed-staff.ts'

/** Who acts for the authorities and the desk: two officers of the regulator, counsel, and two of other roles. */
const FILER = 'N-5'
const FILTERER = 'N-7'
const COUNSEL = 'N-4'
const PRIVACY = 'Y-3'
const INVESTIGATOR = 'Y-5'
/** Has no part in a ruling, so she reviews emergencies. */
const REVIEWER = 'N-3'

/** The public half of `demo/authority-identity.txt`. */
export const DEMO_RECIPIENT = 'age1xfs2a3kwtu437fmtdhpyug282ly3s4kvx0g44gu64z2r3vl4mfzqeackq3'

const DAY_MS = 86_400_000
const DAY_SECONDS = 86_400
const REASONS = 'The letter names the number and the days, and the case bears out both of them.'

const REVIEWED = 'The child was found the same evening, in the township that the cell named.'

/** How far a request of the demo goes. */
type Way =
  | 'filed'
  | 'filtered-out'
  | 'under-review'
  | 'returned'
  | 'withdrawn'
  | 'refused'
  | 'approved'
  | 'delivered'
  | 'closed'

interface PlannedRequest {
  /** Share of the past, from 0 to 1. */
  readonly when: number
  readonly way: Way
  readonly category: string
  readonly authority: string
  readonly necessity: string
  readonly days: number
  /** Which subscriber it is about. */
  readonly customer: number
  readonly fields?: readonly DataField[]
  readonly ground?: string
  readonly noes?: readonly CheckId[]
  readonly narrowTo?: number
  readonly urgent?: boolean
  readonly secretDays?: number
}

const PLAN: readonly PlannedRequest[] = [
  {
    when: 0.2,
    way: 'closed',
    category: 'homicide',
    authority: 'cid-yangon',
    necessity: 'Who a murdered man’s phone spoke with in his last days.',
    days: 20,
    narrowTo: 9,
    customer: 41,
    noes: ['V9'],
    secretDays: 20,
  },
  {
    when: 0.28,
    way: 'refused',
    category: 'drugs',
    authority: 'drug-enforcement',
    necessity: 'All calls of a market trader, to see whom he deals with.',
    days: 25,
    customer: 63,
    ground: 'overbroad',
    noes: ['V11'],
  },
  {
    when: 0.36,
    way: 'filtered-out',
    category: 'defamation',
    authority: 'cid-yangon',
    necessity: 'Who sent messages about an official to a newspaper.',
    days: 10,
    customer: 77,
  },
  {
    when: 0.48,
    way: 'closed',
    category: 'human-trafficking',
    authority: 'transnational-crime',
    necessity: 'Whom a recruiter called on the days when two girls disappeared.',
    days: 6,
    customer: 120,
    secretDays: 60,
  },
  {
    when: 0.58,
    way: 'withdrawn',
    category: 'drugs',
    authority: 'drug-enforcement',
    necessity: 'Where a courier’s phone was on the day of the seizure.',
    days: 2,
    customer: 150,
    fields: ['time', 'place'],
  },
  {
    when: 0.66,
    way: 'closed',
    category: 'homicide',
    authority: 'cid-mandalay',
    necessity: 'Where a missing child’s phone was last heard.',
    days: 1,
    customer: 212,
    fields: ['time', 'place'],
    urgent: true,
    secretDays: 5,
  },
  {
    when: 0.78,
    way: 'refused',
    category: 'national-security',
    authority: 'ministry-transport-communications',
    necessity: 'Everybody whom a journalist spoke with this month.',
    days: 20,
    customer: 260,
    ground: 'rights-concern',
    noes: ['V12', 'V13'],
  },
  {
    when: 0.9,
    way: 'delivered',
    category: 'homicide',
    authority: 'cid-yangon',
    necessity: 'Who called a shopkeeper on the evening of the robbery.',
    days: 2,
    customer: 301,
    secretDays: 60,
  },
  {
    when: 0.945,
    way: 'approved',
    category: 'human-trafficking',
    authority: 'transnational-crime',
    necessity: 'Whom a driver called on the night when the border post was passed.',
    days: 3,
    customer: 330,
    secretDays: 60,
  },
  {
    when: 0.955,
    way: 'returned',
    category: 'drugs',
    authority: 'drug-enforcement',
    necessity: 'Calls between two dealers before an arrest.',
    days: 8,
    customer: 344,
  },
  {
    when: 0.965,
    way: 'under-review',
    category: 'homicide',
    authority: 'cid-mandalay',
    necessity: 'Who a murdered woman’s phone spoke with in her last week.',
    days: 40,
    customer: 371,
    secretDays: 60,
  },
  {
    when: 0.985,
    way: 'filed',
    category: 'terrorism',
    authority: 'cid-yangon',
    necessity: 'Whose phone called the number found on a device.',
    days: 5,
    customer: 402,
  },
]

/** Police at the door, as shares of the past. */
const AT_THE_DOOR = [
  { when: 0.3, by: 'M-6', authority: 'Mandalay Station 3', officer: 'Sergeant Aye', how: 'visit' },
  { when: 0.62, by: 'M-2', authority: 'Yangon Station 11', officer: 'Captain Soe', how: 'telephone' },
  { when: 0.88, by: 'M-6', authority: 'Mandalay Station 1', officer: 'Lieutenant Kyaw', how: 'letter' },
] as const

/** What the authorities did in the demo's past: the keys first, then each request step by step, between the contacts. */
export function lawfulInterludes(stage: Stage, from: number, until: number): Interlude[] {
  const at = (share: number): number => Math.round(from + share * (until - from))
  return [
    { at: at(0.15), act: () => registerKeys(stage) },
    ...AT_THE_DOOR.map(({ when, by, ...says }) => ({
      at: at(when),
      act: () =>
        asStaff(stage, by, async (staff) => {
          granted(await stage.rooms.lawful.meetMisdirected(staff, { frame: 'mm', language: 'my', ...says }))
        }),
    })),
    ...PLAN.flatMap((request, n) => stepsOf(stage, request, n, at(request.when))),
    // Every eighth of the past: clocks run out, secrecy ends, customers are counted.
    ...[0.25, 0.375, 0.5, 0.625, 0.75, 0.875, 0.999].map((share) => ({
      at: at(share),
      act: async () => {
        await stage.rooms.lawful.sweep()
        await stage.rooms.publicReports.sweep()
      },
    })),
  ].sort((a, b) => a.at - b.at)
}

async function registerKeys(stage: Stage): Promise<void> {
  const { lawful } = stage.rooms
  for (const { id } of lawful.frames[0]!.authorities) {
    const key = await asStaff(stage, COUNSEL, async (staff) =>
      granted(await lawful.proposeKey(staff, { frame: 'mm', authority: id, recipient: DEMO_RECIPIENT })),
    )
    await asStaff(stage, PRIVACY, async (staff) => granted(await lawful.confirmKey(staff, key.id)))
  }
}

/** The steps of one request with their times: hours apart in an emergency, a day or two otherwise. */
function stepsOf(stage: Stage, request: PlannedRequest, n: number, filedAt: number): Interlude[] {
  const { lawful } = stage.rooms
  let id = ''
  const pause = request.urgent ? DAY_MS / 24 : DAY_MS * 0.8
  const act = (who: string, command: Command) => () =>
    asStaff(stage, who, async (staff) => granted(await lawful.act(staff, id, command)))
  const scoped = (does: 'rule' | 'second', who: string) => () =>
    asStaff(stage, who, async (staff) => {
      const answer = { kind: 'approve', scope: await scopeOf(stage, staff, id, request) } as const
      granted(await lawful.act(staff, id, { do: does, answer, reasons: REASONS }))
    })
  const file = () =>
    asStaff(stage, FILER, async (staff) => {
      id = granted(await lawful.file(staff, filingOf(stage, request, n, filedAt), null)).id
    })
  const filter: Command =
    request.way === 'filtered-out'
      ? { do: 'filter', outcome: 'refused', reason: REASONS, ground: 'out-of-scope-offence' }
      : { do: 'filter', outcome: 'passed', reason: REASONS }
  const filtered = [file, act(FILTERER, { do: 'take' }), act(FILTERER, filter)]
  const missing: Command = {
    do: 'return',
    missing: ['The page that names the number', 'The seal'],
    reason: REASONS,
  }
  const ruled = [
    ...filtered,
    act(INVESTIGATOR, checksOf(request)),
    scoped('rule', COUNSEL),
    scoped('second', PRIVACY),
  ]
  const made = [
    ...ruled,
    () => asStaff(stage, COUNSEL, async (staff) => void granted(await lawful.produce(staff, id))),
    () => asStaff(stage, PRIVACY, async (staff) => void granted(await lawful.release(staff, id))),
  ]
  const ways: Record<Way, readonly (() => Promise<unknown>)[]> = {
    filed: [file],
    'filtered-out': filtered,
    'under-review': filtered,
    returned: [...filtered, act(COUNSEL, missing)],
    withdrawn: [
      ...filtered,
      act(COUNSEL, missing),
      act(FILER, { do: 'withdraw', reason: 'An arrest was made.' }),
    ],
    refused: [
      ...filtered,
      act(INVESTIGATOR, checksOf(request)),
      act(COUNSEL, {
        do: 'rule',
        answer: { kind: 'refuse', ground: request.ground ?? 'overbroad' },
        reasons: REASONS,
      }),
    ],
    approved: ruled,
    delivered: made,
    closed: [...made, act(FILER, { do: 'acknowledge' }), act(COUNSEL, { do: 'close' })],
  }
  const paper = { date: dayText(filedAt), authorisedBy: 'Aung Htoo', rank: 'Police Colonel' }
  const review: Command = { do: 'after-review', finding: 'confirmed', reasons: REVIEWED }
  const afterwards = request.urgent ? [act(FILER, { do: 'bring-paper', paper }), act(REVIEWER, review)] : []
  const steps = [...ways[request.way], ...afterwards]
  return steps.map((step, at) => ({ at: filedAt + at * pause, act: async () => void (await step()) }))
}

function checksOf({ noes = [] }: PlannedRequest): Command {
  return {
    do: 'answer-checks',
    answers: CHECK_IDS.map((check) => ({
      check,
      answer: noes.includes(check) ? ('no' as const) : ('yes' as const),
      reason: noes.includes(check) ? 'More than the case bears out.' : 'As the letter and our records say.',
    })),
  }
}

async function scopeOf(
  stage: Stage,
  staff: StaffFacts,
  id: string,
  { narrowTo }: PlannedRequest,
): Promise<Scope> {
  const { filing } = granted(await stage.rooms.lawful.page(staff, id))
  return {
    parts: filing.identifiers.map(({ from, until }, identifier) => ({
      identifier,
      from: narrowTo === undefined ? from : until - narrowTo * DAY_SECONDS,
      until,
    })),
    fields: filing.fields,
  }
}

function filingOf(stage: Stage, request: PlannedRequest, n: number, filedAt: number): FilingInput {
  const person = stage.world.people[request.customer]!
  const until = Math.floor(filedAt / 1000) - (request.urgent ? 0 : 2 * DAY_SECONDS)
  const from = until - request.days * DAY_SECONDS
  const year = dayText(filedAt).slice(0, 4)
  return {
    frame: 'mm',
    requestNumber: `PTD-${year}-${String(101 + n).padStart(4, '0')}`,
    authority: request.authority,
    officer: { name: 'Zaw Lin', rank: 'Inspector', phone: '+95 1 549309' },
    caseNumber: `FIR ${200 + n}/${year}`,
    category: request.category,
    offence: 'As stated in the letter',
    basis: 'MM-TEL-75',
    paper: request.urgent
      ? null
      : { date: dayText(filedAt - DAY_MS), authorisedBy: 'Aung Htoo', rank: 'Police Colonel' },
    identifiers: [{ type: 'msisdn', value: person.number, role: 'unknown', from, until }],
    fields: [...(request.fields ?? ['time', 'length', 'kind', 'other-number'])],
    asksContent: false,
    necessity: request.necessity,
    urgency: request.urgent ? 'emergency' : 'routine',
    threatToLife: request.urgent ? 'A child of nine has been missing since six this morning.' : null,
    secrecyUntil: request.secretDays === undefined ? null : filedAt + request.secretDays * DAY_MS,
    preserveOnly: false,
  }
}

function dayText(at: number): string {
  return localStart(at / 1000, OFFSET_SECONDS / 60).day
}
