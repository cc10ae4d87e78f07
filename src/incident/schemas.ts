import Type, { type Static } from 'typebox'
import { AFTERMATH } from './aftermath.ts'
import { EMPLOYMENT_STATES, OUTCOMES } from './employment-rules.ts'
import { ORIGINS, STATES } from './rules.ts'

/** The shapes of the incident room's requests and answers. */

const closed = { additionalProperties: false } as const
const Words = Type.Object({ en: Type.String(), my: Type.String() }, closed)
const orNull = <T extends Parameters<typeof Type.Union>[0][number]>(type: T) =>
  Type.Union([type, Type.Null()])
const State = Type.Enum(STATES)
const Origin = Type.Enum(ORIGINS)
const Finding = Type.Union([Type.Literal('breach'), Type.Literal('unfounded')])
const Instant = Type.Integer({ minimum: 0, maximum: 8_640_000_000_000_000 })
const Says = Type.String({ minLength: 10, maxLength: 4000 })

export const IncidentParams = Type.Object({ id: Type.String({ pattern: '^[0-9a-f]{24}$' }) }, closed)

export const OpeningBody = Type.Object(
  {
    origin: Origin,
    title: Type.String({ minLength: 5, maxLength: 200 }),
    says: Type.String({ maxLength: 4000 }),
    ref: Type.Optional(Type.String({ pattern: '^[0-9a-f]{16,64}$' })),
    number: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
    surfacedAt: Type.Optional(Instant),
  },
  closed,
)
export const OpenedView = Type.Object({ id: Type.String(), serial: Type.String() }, closed)

const Move = Type.Object(
  {
    do: Type.Enum(['triage', 'contain', 'end-notices', 'refer', 'proceed', 'close', 'reopen'] as const),
    says: Says,
  },
  closed,
)
/** What may be done to a case, but for a freeze. */
export const ActBody = Type.Union([
  Move,
  Type.Object({ do: Type.Literal('determine'), finding: Finding, says: Says }, closed),
  Type.Object(
    {
      do: Type.Literal('notice'),
      clock: Type.String({ maxLength: 48 }),
      outcome: Type.Union([Type.Literal('sent'), Type.Literal('waived')]),
      says: Says,
    },
    closed,
  ),
  Type.Object(
    { do: Type.Literal('name'), deskName: Type.String({ minLength: 1, maxLength: 20 }), ground: Says },
    closed,
  ),
  Type.Object(
    {
      do: Type.Literal('write'),
      title: Type.String({ minLength: 5, maxLength: 200 }),
      summary: Type.String({ maxLength: 4000 }),
    },
    closed,
  ),
  Type.Object({ do: Type.Literal('surface'), surfacedAt: Instant }, closed),
  Type.Object({ do: Type.Literal('subject'), number: Type.String({ minLength: 1, maxLength: 64 }) }, closed),
  Type.Object({ do: Type.Literal('law'), frame: Type.String({ maxLength: 48 }) }, closed),
  Type.Object({ do: Type.Literal('after'), what: Type.Enum(AFTERMATH), on: Instant, says: Says }, closed),
])
export type ActAsked = Static<typeof ActBody>

export const ApprovalBody = Type.Object({ further: Type.Boolean(), says: Says }, closed)
export const FreezeBody = Type.Object(
  { person: Type.String({ pattern: '^[0-9a-f]{32}$' }), says: Says },
  closed,
)
export const FrozenView = Type.Object({ sessionsEnded: Type.Integer() }, closed)
export const ExposureBody = Type.Object(
  { person: Type.String({ pattern: '^[0-9a-f]{32}$' }), from: Instant, until: Instant },
  closed,
)

const ClockView = Type.Object(
  {
    id: Type.String(),
    frame: Type.String(),
    words: Words,
    to: Type.Union([Type.Literal('authority'), Type.Literal('customer')]),
    who: Type.Union([Type.Literal('privacy-officer'), Type.Literal('counsel')]),
    source: Type.String(),
    startsAt: orNull(Type.Integer()),
    dueAt: orNull(Type.Integer()),
    /** Little time is left, or none, and nobody was told yet. */
    alarmed: Type.Boolean(),
    notice: orNull(
      Type.Object(
        {
          outcome: Type.Union([Type.Literal('sent'), Type.Literal('waived')]),
          at: Type.Integer(),
          says: Type.String(),
          late: Type.Boolean(),
        },
        closed,
      ),
    ),
  },
  closed,
)
export type ClockViewData = Static<typeof ClockView>

const BoardLine = Type.Object(
  {
    id: Type.String(),
    serial: Type.String(),
    state: State,
    origin: Origin,
    title: Type.String(),
    reportedAt: Type.Integer(),
    involved: Type.Integer(),
    frozen: Type.Integer(),
    /** Those that still run, the nearest first. */
    clocks: Type.Array(ClockView),
  },
  closed,
)
export type BoardLineData = Static<typeof BoardLine>
export const BoardView = Type.Object(
  {
    incidents: Type.Array(BoardLine),
    /** Verdicts of the watch that nobody has taken. */
    waiting: Type.Array(Type.Object({ alert: Type.String(), at: Type.Integer() }, closed)),
  },
  closed,
)
export type BoardViewData = Static<typeof BoardView>

export const IncidentView = Type.Object(
  {
    id: Type.String(),
    serial: Type.String(),
    state: State,
    origin: Origin,
    title: Type.String(),
    says: Type.String(),
    summary: Type.String(),
    reportedAt: Type.Integer(),
    confirmedAt: orNull(Type.Integer()),
    surfacedAt: orNull(Type.Integer()),
    /** Whether it is known whose log it is about. */
    subjectKnown: Type.Boolean(),
    involved: Type.Array(
      Type.Object(
        {
          staff: Type.String(),
          deskName: Type.String(),
          office: Type.String(),
          ground: Type.String(),
          namedAt: Type.Integer(),
          frozenAt: orNull(Type.Integer()),
          /** How far it is with their employment; what was said is for administrators and counsel. */
          employment: Type.Object(
            { state: Type.Enum(EMPLOYMENT_STATES), outcome: orNull(Type.Enum(OUTCOMES)) },
            closed,
          ),
        },
        closed,
      ),
    ),
    proposed: orNull(Type.Object({ finding: Finding, mine: Type.Boolean(), says: Type.String() }, closed)),
    clocks: Type.Array(ClockView),
    laws: Type.Array(Type.Object({ id: Type.String(), name: Words, on: Type.Boolean() }, closed)),
    approvals: Type.Object(
      {
        path: Type.Integer(),
        further: Type.Integer(),
        mine: Type.Boolean(),
        mineFurther: Type.Boolean(),
      },
      closed,
    ),
    /** What came of it, by day. */
    after: Type.Array(
      Type.Object({ what: Type.Enum(AFTERMATH), on: Type.Integer(), says: Type.String() }, closed),
    ),
    steps: Type.Array(
      Type.Object(
        {
          act: Type.String(),
          at: Type.Integer(),
          deskName: Type.String(),
          says: Type.String(),
          what: Type.String(),
          index: Type.Integer(),
        },
        closed,
      ),
    ),
    /** Windows of records that nobody can shred while the case is open. */
    holds: Type.Integer(),
    next: Type.Array(State),
  },
  closed,
)
export type IncidentViewData = Static<typeof IncidentView>

const ExposedLook = Type.Object(
  {
    grant: Type.String(),
    at: Type.Integer(),
    month: Type.String(),
    purpose: Type.String(),
    channel: Type.String(),
    confirmed: Type.Boolean(),
    brokenGlass: Type.Boolean(),
    bill: Type.Boolean(),
    matches: Type.Integer(),
    rows: Type.Array(
      Type.Object(
        {
          day: Type.String(),
          start: Type.String(),
          digits: orNull(Type.String()),
          lasted: Type.String(),
          full: Type.Boolean(),
        },
        closed,
      ),
    ),
    rowsTotal: orNull(Type.Integer()),
    people: Type.Integer(),
  },
  closed,
)
export const ExposureView = Type.Object(
  {
    from: Type.Integer(),
    until: Type.Integer(),
    deskName: Type.String(),
    customers: Type.Array(
      Type.Object({ number: orNull(Type.String()), looks: Type.Array(ExposedLook) }, closed),
    ),
    totals: Type.Object(
      {
        customers: Type.Integer(),
        looks: Type.Integer(),
        rows: Type.Integer(),
        fullNumbers: Type.Integer(),
        digitsMost: Type.Integer(),
        people: Type.Integer(),
      },
      closed,
    ),
    fields: Type.Array(Type.String()),
    not: Type.Array(
      Type.Object(
        {
          what: Type.Enum(['content', 'places', 'other-rows', 'other-months'] as const),
          because: Type.Enum([
            'never-held',
            'not-in-field-set',
            'no-entry-shows-them',
            'outside-the-grant',
          ] as const),
          count: Type.Optional(Type.Integer()),
          months: Type.Optional(Type.Array(Type.String())),
        },
        closed,
      ),
    ),
    disclosures: Type.Integer(),
  },
  closed,
)
export type ExposureViewData = Static<typeof ExposureView>
