import Type, { type Static } from 'typebox'

/**
 * What the care desk's routes take and give. Instants are milliseconds since 1970 (UTC); days, months and
 * times of day are local to the jurisdiction; money is thousandths of the major unit. Every sentence a person
 * reads comes in both languages.
 */

const closed = { additionalProperties: false } as const
const Instant = Type.Integer({ minimum: 0 })
const Month = Type.String({ pattern: '^[0-9]{4}-(0[1-9]|1[0-2])$' })
const Day = Type.String({ pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' })
const Id = Type.String({ minLength: 1, maxLength: 64, pattern: '^[A-Za-z0-9_-]+$' })
const Note = Type.String({ maxLength: 2000 })

export const WordsSchema = Type.Object({ en: Type.String(), my: Type.String() }, closed)

const literals = <Values extends string[]>(...values: readonly [...Values]) => Type.Enum(values)

export const ChannelSchema = literals('call', 'shop', 'chat', 'app')
export type Channel = Static<typeof ChannelSchema>
export const PurposeSchema = literals(
  'bill-clarification',
  'fraud-report',
  'nuisance-calls',
  'statement-request',
)
export type Purpose = Static<typeof PurposeSchema>
export const QuestionSchema = literals(
  'higher',
  'one-charge',
  'data',
  'roaming',
  'number-appears',
  'not-mine',
)
export type Question = Static<typeof QuestionSchema>
/** Factors a champion can start; the call from her own number is found, not started. */
export const FactorSchema = literals('sms-code', 'pin', 'passphrase', 'call-back', 'photo-id')
export type Factor = Static<typeof FactorSchema>
export const ContactStateSchema = literals(
  'claimed',
  'verifying',
  'verified',
  'closed',
  'refused',
  'locked',
  'abandoned',
)
export type ContactState = Static<typeof ContactStateSchema>
export const GrantStateSchema = literals('active', 'waiting-for-second', 'denied', 'ended')
export type GrantState = Static<typeof GrantStateSchema>
export const ResolutionSchema = literals(
  'explained',
  'charge-corrected',
  'statement-sent',
  'fraud-reported',
  'nuisance-handled',
  'not-verified',
  'referred-to-shop',
  'caller-left',
)
export type Resolution = Static<typeof ResolutionSchema>

// ---- params and requests

export const ContactParams = Type.Object({ id: Id }, closed)
export const FactorParams = Type.Object({ id: Id, factor: FactorSchema }, closed)
export const GrantParams = Type.Object({ id: Id }, closed)

export const OpenContactBody = Type.Object(
  {
    number: Type.String({ minLength: 3, maxLength: 32 }),
    channel: ChannelSchema,
    ticket: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
  },
  closed,
)
/** Starting `photo-id` says which document was compared; the other factors take an empty object. */
export const StartFactorBody = Type.Object(
  {
    document: Type.Optional(
      Type.Object(
        {
          kind: literals('nrc', 'passport', 'driving-licence', 'student-card', 'monastic-id'),
          unexpired: Type.Boolean(),
          compared: Type.Boolean(),
        },
        closed,
      ),
    ),
  },
  closed,
)
/** `secret` for codes, PIN and passphrase (a write-only box); `seen` is the second clerk's word on a photo ID. */
export const AnswerFactorBody = Type.Object(
  {
    secret: Type.Optional(Type.String({ minLength: 1, maxLength: 128 })),
    seen: Type.Optional(Type.Boolean()),
  },
  closed,
)
export const GrantBody = Type.Object(
  {
    purpose: PurposeSchema,
    month: Month,
    question: QuestionSchema,
    days: Type.Optional(Type.Array(Day, { maxItems: 31, uniqueItems: true })),
    categories: Type.Optional(
      Type.Array(Type.String({ maxLength: 64 }), { maxItems: 32, uniqueItems: true }),
    ),
    note: Type.Optional(Note),
  },
  closed,
)
export const EmptyBody = Type.Object({}, closed)
export const RowsBody = Type.Object({ page: Type.Integer({ minimum: 1, maximum: 1000 }) }, closed)
/** `code`: the customer's fresh code, where the rung asks one for each match (first rung); else left out. */
export const MatchBody = Type.Object(
  {
    number: Type.String({ minLength: 3, maxLength: 32 }),
    day: Type.Optional(Day),
    code: Type.Optional(Type.String({ minLength: 1, maxLength: 16 })),
  },
  closed,
)
export const StatementBody = Type.Object(
  { language: literals('en', 'my'), channel: literals('text', 'email') },
  closed,
)
export const UnmaskBody = Type.Object({ row: Id }, closed)
export const UnmaskAnswerBody = Type.Object(
  { row: Id, code: Type.String({ minLength: 1, maxLength: 16 }) },
  closed,
)
export const ClosingBody = Type.Object({ resolution: ResolutionSchema, note: Note }, closed)
export const BreakGlassBody = Type.Object(
  {
    number: Type.String({ minLength: 3, maxLength: 32 }),
    reason: Type.String({ minLength: 20, maxLength: 2000 }),
  },
  closed,
)
export const JustificationBody = Type.Object(
  { justification: Type.String({ minLength: 20, maxLength: 4000 }) },
  closed,
)
export const ReviewBody = Type.Object(
  { finding: literals('justified', 'not-justified'), note: Type.String({ minLength: 1, maxLength: 4000 }) },
  closed,
)
export const ApprovalBody = Type.Object(
  { approve: Type.Boolean(), reason: Type.String({ minLength: 1, maxLength: 1000 }) },
  closed,
)

// ---- what is given back

export const LiveCallView = Type.Object(
  {
    call: Type.String(),
    desk: Type.String(),
    /** As people write it: `09 791 204 412`. In the body of the answer only, never in a URL. */
    number: Type.String(),
    networkAsserted: Type.Boolean(),
    startedAt: Instant,
    contact: Type.Union([Id, Type.Null()]),
  },
  closed,
)
export const CallsView = Type.Object({ calls: Type.Array(LiveCallView) }, closed)

export const FactorChoiceView = Type.Object(
  {
    factor: FactorSchema,
    /** "Text her a code". */
    label: WordsSchema,
    available: Type.Boolean(),
    /** Why it cannot be used now, or null. */
    why: Type.Union([WordsSchema, Type.Null()]),
    state: literals('idle', 'waiting', 'passed', 'locked'),
    triesLeft: Type.Integer(),
    /** When what was sent stops working, or the lock opens; else null. */
    until: Type.Union([Instant, Type.Null()]),
  },
  closed,
)
export const RungView = Type.Object(
  {
    rung: literals('phone', 'person', 'row'),
    done: Type.Boolean(),
    /** "Call from her own number" when done by that; else "A fresh code for one row". */
    title: WordsSchema,
    /** Time and tries when done; what it would open when not. */
    detail: WordsSchema,
    passedAt: Type.Union([Instant, Type.Null()]),
    factors: Type.Array(FactorChoiceView),
  },
  closed,
)
export const FlagView = Type.Object({ says: WordsSchema, tone: literals('calm', 'careful', 'stop') }, closed)

export const QuestionView = Type.Object(
  { question: QuestionSchema, label: WordsSchema, purpose: PurposeSchema },
  closed,
)
export const MonthView = Type.Object({ month: Month, label: WordsSchema }, closed)

export const GrantView = Type.Object(
  {
    id: Id,
    contact: Id,
    state: GrantStateSchema,
    purpose: PurposeSchema,
    question: QuestionSchema,
    month: Month,
    monthLabel: WordsSchema,
    grantedAt: Instant,
    /** The ring: counts from `grantedAt` to `endsAt`. */
    endsAt: Instant,
    /** Why it ended, waits or was denied; null while active. */
    says: Type.Union([WordsSchema, Type.Null()]),
    /** Which of its doors are open on the rung reached: a disabled button says `why`. */
    opens: Type.Object(
      { bill: Type.Boolean(), rows: Type.Boolean(), unmask: Type.Boolean(), matchNeedsCode: Type.Boolean() },
      closed,
    ),
    why: Type.Union([WordsSchema, Type.Null()]),
    rowsTotal: Type.Union([Type.Integer(), Type.Null()]),
    rowsShown: Type.Integer(),
    rowsLeft: Type.Integer(),
    matchesLeft: Type.Integer(),
    unmasked: Type.Integer(),
    /** What has been shown so far, in a sentence. */
    shown: WordsSchema,
    /** The text she will get about this look, as it would read now. */
    preview: WordsSchema,
    /** Where the look's newest entry stands in the ledger; null before the first. */
    entry: Type.Union([Type.Integer(), Type.Null()]),
    /** Lies over the rows: `M-17 · Mandalay · 23 Nov 10:41`. */
    watermark: Type.String(),
    brokenGlass: Type.Boolean(),
  },
  closed,
)

/** Her own key in place of PIN or photo ID: whether it may be asked, and the link that was sent last. */
export const OwnKeyView = Type.Object(
  {
    available: Type.Boolean(),
    /** Why not, or null. */
    why: Type.Union([WordsSchema, Type.Null()]),
    /** A key may be made in this shop now. */
    mayMake: Type.Boolean(),
    link: Type.Union([
      Type.Object(
        {
          kind: literals('look', 'enrol'),
          state: literals('waiting', 'allowed', 'refused', 'over'),
          until: Instant,
          says: WordsSchema,
        },
        closed,
      ),
      Type.Null(),
    ]),
  },
  closed,
)
export type OwnKeyViewData = Static<typeof OwnKeyView>

export const ContactView = Type.Object(
  {
    id: Id,
    state: ContactStateSchema,
    channel: literals('call', 'shop', 'chat', 'app', 'break-glass'),
    openedAt: Instant,
    closedAt: Type.Union([Instant, Type.Null()]),
    person: Type.Object(
      {
        /** The whole name with its honorific; never split. Null for an unregistered number. */
        name: Type.Union([WordsSchema, Type.Null()]),
        number: Type.String(),
        language: literals('en', 'my'),
      },
      closed,
    ),
    line: Type.Object(
      {
        /** The telephony system says this number is on this desk's line, now. */
        confirmed: Type.Boolean(),
        live: Type.Boolean(),
        since: Type.Union([Instant, Type.Null()]),
        says: WordsSchema,
      },
      closed,
    ),
    ladder: Type.Array(RungView),
    ownKey: OwnKeyView,
    worthKnowing: Type.Array(FlagView),
    questions: Type.Array(QuestionView),
    months: Type.Array(MonthView),
    grant: Type.Union([GrantView, Type.Null()]),
    resolution: Type.Union([ResolutionSchema, Type.Null()]),
    note: Type.String(),
    mine: Type.Boolean(),
  },
  closed,
)
export type ContactViewData = Static<typeof ContactView>
export type GrantViewData = Static<typeof GrantView>
