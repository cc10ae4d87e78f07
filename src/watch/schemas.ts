import Type, { type Static } from 'typebox'
import { VerdictSchema } from './entries.ts'

/** What the watch page reads. Nothing in it says whose number it is: a customer is four digits of her pseudonym. */

const closed = { additionalProperties: false } as const
const Words = Type.Object({ en: Type.String(), my: Type.String() }, closed)
const Nullable = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) =>
  Type.Union([schema, Type.Null()])

export const AlertParams = Type.Object({ id: Type.String({ pattern: '^[0-9a-f]{24}$' }) })
export const LookParams = Type.Object({ look: Type.String({ pattern: '^[0-9a-f]{24}$' }) })

/** A line of the list: enough to decide whether to open it. */
export const AlertLine = Type.Object(
  {
    id: Type.String(),
    number: Type.Integer(),
    deskName: Type.String(),
    office: Type.String(),
    why: Type.Union([Type.Literal('score'), Type.Literal('hard'), Type.Literal('audit')]),
    headline: Words,
    odds: Words,
    at: Type.Integer(),
    looks: Type.Integer(),
    supervisor: Type.Boolean(),
    proposed: Nullable(VerdictSchema),
    /** Why this reader may not judge it; null when they may. */
    blocked: Nullable(Words),
  },
  closed,
)

export const WatchView = Type.Object(
  {
    day: Type.Object(
      {
        from: Type.Integer(),
        until: Type.Integer(),
        looks: Type.Integer(),
        explained: Type.Integer(),
        rare: Type.Integer(),
      },
      closed,
    ),
    alerts: Type.Array(AlertLine),
    precision: Type.Object(
      {
        of: Type.Integer(),
        led: Type.Integer(),
        last: Type.Array(VerdictSchema),
        promisedPerThousand: Type.Number(),
      },
      closed,
    ),
    audit: Type.Object(
      { judged: Type.Integer(), found: Type.Integer(), atMost: Nullable(Type.Number()) },
      closed,
    ),
    trend: Type.Array(
      Type.Object(
        {
          office: Type.String(),
          team: Nullable(Type.String()),
          /** Unexplained looks a thousand, oldest week first; null where there was no look. */
          perThousand: Type.Array(Nullable(Type.Number())),
          looks: Type.Integer(),
        },
        closed,
      ),
    ),
    off: Type.Array(
      Type.Object(
        { office: Type.String(), reason: Type.String(), by: Type.String(), since: Type.Integer() },
        closed,
      ),
    ),
  },
  closed,
)

const LookLine = Type.Object(
  {
    look: Type.String(),
    at: Type.Integer(),
    month: Type.String(),
    purpose: Type.String(),
    channel: Type.String(),
    level: Type.Integer(),
    rows: Nullable(Type.Integer()),
    entry: Type.Integer(),
    asked: Type.Boolean(),
  },
  closed,
)

export const AlertCard = Type.Object(
  {
    ...AlertLine.properties,
    customer: Type.String(),
    peers: Words,
    reasons: Type.Array(Type.Object({ sign: Type.String(), measure: Words, says: Words }, closed)),
    speaksFor: Words,
    /** The look as it was, from its entries. */
    asItWas: Type.Array(Type.Object({ at: Type.Integer(), index: Type.Integer(), says: Words }, closed)),
    pair: Type.Array(LookLine),
    proposedSays: Nullable(Type.String()),
  },
  closed,
)

export const VerdictBody = Type.Object(
  { verdict: VerdictSchema, says: Type.String({ minLength: 3, maxLength: 2000 }) },
  closed,
)
export const VerdictView = Type.Object(
  { state: Type.Union([Type.Literal('proposed'), Type.Literal('settled')]), verdict: VerdictSchema },
  closed,
)
export const SwitchBody = Type.Object(
  {
    office: Type.String({ pattern: '^[a-z-]{1,40}$' }),
    reason: Type.String({ minLength: 10, maxLength: 1000 }),
  },
  closed,
)
export const DoneView = Type.Object({ done: Type.Literal(true) }, closed)

/** What is recorded about one's own looks. An open question is not in it, or it would be a warning. */
export const OwnLooksView = Type.Object(
  {
    looks: Type.Array(
      Type.Object(
        {
          look: Type.String(),
          at: Type.Integer(),
          month: Type.String(),
          purpose: Type.String(),
          channel: Type.String(),
          level: Type.Integer(),
          rows: Nullable(Type.Integer()),
          /** A word that waits for an answer. */
          asks: Type.Boolean(),
          answered: Type.Boolean(),
          settled: Nullable(Type.Union([Type.Literal('fine'), Type.Literal('coaching')])),
        },
        closed,
      ),
    ),
  },
  closed,
)
export const WordBody = Type.Object({ says: Type.String({ minLength: 3, maxLength: 1000 }) }, closed)

export type WatchViewData = Static<typeof WatchView>
export type AlertLineData = Static<typeof AlertLine>
export type AlertCardData = Static<typeof AlertCard>
export type OwnLooksData = Static<typeof OwnLooksView>
