import Type, { type Static } from 'typebox'
import { ContactView, GrantView, WordsSchema } from './schemas.ts'

/** What a look gives back (bill, rows, match, unmask, statement), and the lists of the day and the team. */

const closed = { additionalProperties: false } as const
const Instant = Type.Integer({ minimum: 0 })
const literals = <Values extends string[]>(...values: readonly [...Values]) => Type.Enum(values)

export const BillView = Type.Object(
  {
    /** "12,400 of 18,900 Ks went to one premium number: 7 calls on the evenings of 14 and 15 August." */
    headline: WordsSchema,
    /** How the currency is written: `Ks`, `ကျပ်`. */
    currency: WordsSchema,
    totalMilli: Type.Integer(),
    rowsTotal: Type.Integer(),
    /** Every day of the month, in order; `lit` days are the ones the headline is about. */
    days: Type.Array(
      Type.Object(
        { day: Type.String(), chargeMilli: Type.Integer(), records: Type.Integer(), lit: Type.Boolean() },
        closed,
      ),
    ),
    /** Under the lit bars: "14 and 15"; null when none is lit. */
    litCaption: Type.Union([WordsSchema, Type.Null()]),
    /** Dearest first. */
    categories: Type.Array(
      Type.Object(
        {
          category: Type.String(),
          label: WordsSchema,
          chargeMilli: Type.Integer(),
          records: Type.Integer(),
          unusual: Type.Boolean(),
        },
        closed,
      ),
    ),
    /** What is charged beside calls, and what was paid in (below zero), in order of time. */
    others: Type.Array(
      Type.Object(
        { kind: Type.String(), label: WordsSchema, day: Type.String(), amountMilli: Type.Integer() },
        closed,
      ),
    ),
    /** Calls and the other charges together, less credits; what was topped up is no charge. */
    wholeMilli: Type.Integer(),
    grant: GrantView,
  },
  closed,
)
export type BillViewData = Static<typeof BillView>

export const RowView = Type.Object(
  {
    /** Names the row within this look only. */
    row: Type.String(),
    /** Local day, `2026-08-14`. */
    day: Type.String(),
    /** `19:11`, or `19:11:40` where `secondsShown`. */
    start: Type.String(),
    secondsShown: Type.Boolean(),
    kind: literals('voice', 'sms', 'data'),
    direction: literals('out', 'in', 'forwarded', 'session'),
    answered: Type.Boolean(),
    /** `own-network`, `other-mobile`, `landline`, `abroad`, `premium`, `service`, `toll-free`, `short-code`, `name`, `withheld`, `data`. */
    type: Type.String(),
    typeLabel: WordsSchema,
    /** `A`, `B` ... `Z`, `AA`: one a party within this look; null for withheld and data. */
    letter: Type.Union([Type.String(), Type.Null()]),
    /** `••4••8•`: two of the last seven digits; null where there is no number. In full after an unmask. */
    digits: Type.Union([Type.String(), Type.Null()]),
    unmasked: Type.Boolean(),
    /** `8:02` exact, `6 min` as billed, `1.2 MB`. */
    lasted: WordsSchema,
    chargeMilli: Type.Union([Type.Integer(), Type.Null()]),
    /** Why it cost that: `250 × 9 min`. */
    why: WordsSchema,
    /** The rows that answer the question come first. */
    answers: Type.Boolean(),
  },
  closed,
)
export type RowViewData = Static<typeof RowView>

export const RowsView = Type.Object(
  {
    page: Type.Integer(),
    pages: Type.Integer(),
    rows: Type.Array(RowView, { maxItems: 50 }),
    /** "Private. 23 of 311 rows shown, numbers masked". */
    band: WordsSchema,
    grant: GrantView,
  },
  closed,
)
export type RowsViewData = Static<typeof RowsView>

export const MatchView = Type.Object(
  {
    answer: literals('appears', 'no-match', 'code-sent'),
    says: WordsSchema,
    matchesLeft: Type.Integer(),
    grant: GrantView,
  },
  closed,
)
export type MatchViewData = Static<typeof MatchView>
export const UnmaskSentView = Type.Object({ sent: Type.Boolean(), until: Instant, says: WordsSchema }, closed)
/** `passed` false: a wrong code, nothing more is said; `number` in full when passed. */
export const UnmaskedView = Type.Object(
  {
    passed: Type.Boolean(),
    row: Type.String(),
    number: Type.Union([Type.String(), Type.Null()]),
    triesLeft: Type.Integer(),
    says: WordsSchema,
    grant: GrantView,
  },
  closed,
)
export const StatementSentView = Type.Object(
  { statement: Type.String(), sentTo: WordsSchema, grant: GrantView },
  closed,
)
export const FactorStartedView = Type.Object({ says: WordsSchema, contact: ContactView }, closed)
export const FactorAnsweredView = Type.Object(
  { passed: Type.Boolean(), says: WordsSchema, contact: ContactView },
  closed,
)

/** A contact in a list: no number, no name. */
export const ContactLine = Type.Object(
  {
    id: Type.String(),
    state: Type.String(),
    channel: Type.String(),
    openedAt: Instant,
    closedAt: Type.Union([Instant, Type.Null()]),
    deskName: Type.String(),
    office: Type.String(),
    confirmed: Type.Boolean(),
    rung: literals('none', 'phone', 'person'),
    look: literals('none', 'active', 'waiting-for-second', 'denied', 'ended'),
    resolution: Type.Union([Type.String(), Type.Null()]),
    brokenGlass: Type.Boolean(),
  },
  closed,
)
export const ContactsView = Type.Object({ contacts: Type.Array(ContactLine) }, closed)

export const DayView = Type.Object(
  {
    day: Type.String(),
    /** My contacts of today that are not closed, newest first; the first waits longest for a word. */
    open: Type.Array(ContactLine),
    closed: Type.Array(ContactLine),
    /** A colleague in my shop asks me to look at a photo ID too. */
    secondWords: Type.Array(
      Type.Object({ contact: Type.String(), askedBy: Type.String(), at: Instant }, closed),
    ),
    refusals: Type.Array(
      Type.Object({ at: Instant, code: Type.String(), says: Type.String(), next: Type.String() }, closed),
    ),
    /** What is recorded about me today. */
    recorded: Type.Object(
      {
        looks: Type.Integer(),
        rows: Type.Integer(),
        matches: Type.Integer(),
        unmasked: Type.Integer(),
        refusals: Type.Integer(),
      },
      closed,
    ),
    /** Looks behind broken glass that I must still justify. */
    toJustify: Type.Array(
      Type.Object({ breakGlass: Type.String(), contact: Type.String(), until: Instant }, closed),
    ),
  },
  closed,
)
export type DayViewData = Static<typeof DayView>

export const ApprovalView = Type.Object(
  {
    id: Type.String(),
    kind: literals('second-grant', 'out-of-region', 'own-circle', 'third-miss'),
    contact: Type.String(),
    askedBy: Type.String(),
    office: Type.String(),
    at: Instant,
    until: Instant,
    says: WordsSchema,
    /** Why this person may not decide it, or null. */
    why: Type.Union([WordsSchema, Type.Null()]),
  },
  closed,
)
export const BreakGlassView = Type.Object(
  {
    id: Type.String(),
    contact: Type.String(),
    deskName: Type.String(),
    office: Type.String(),
    at: Instant,
    reason: Type.String(),
    justifyUntil: Instant,
    justification: Type.Union([Type.String(), Type.Null()]),
    state: literals('to-justify', 'overdue', 'to-review', 'reviewed'),
    finding: Type.Union([literals('justified', 'not-justified'), Type.Null()]),
  },
  closed,
)
export const TeamView = Type.Object(
  {
    live: Type.Array(ContactLine),
    approvals: Type.Array(ApprovalView),
    brokenGlass: Type.Array(BreakGlassView),
    refusalsToday: Type.Integer(),
    looksToday: Type.Integer(),
  },
  closed,
)
export type TeamViewData = Static<typeof TeamView>
export const BrokenGlassOpened = Type.Object({ breakGlass: BreakGlassView, contact: ContactView }, closed)
export const DecidedView = Type.Object({ decided: Type.Boolean() }, closed)
