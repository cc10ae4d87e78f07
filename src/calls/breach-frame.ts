import Type, { type Static } from 'typebox'

const Words = Type.Object(
  {
    en: Type.String({ minLength: 1, maxLength: 1000 }),
    my: Type.String({ minLength: 1, maxLength: 2000 }),
  },
  { additionalProperties: false },
)
const Id = Type.String({ pattern: '^[a-z0-9]+(-[a-z0-9]+)*$', maxLength: 48 })

const BreachClockSchema = Type.Object(
  {
    id: Id,
    words: Words,
    /** Who is to be told. */
    to: Type.Union([Type.Literal('authority'), Type.Literal('customer')]),
    /** Whose duty it is. */
    who: Type.Union([Type.Literal('privacy-officer'), Type.Literal('counsel')]),
    /** From when it runs: the report, the day it was taken up, or the finding that it is a breach. */
    from: Type.Union([Type.Literal('reported'), Type.Literal('triage'), Type.Literal('confirmed')]),
    length: Type.Integer({ minimum: 1, maximum: 1000 }),
    unit: Type.Union([Type.Literal('hours'), Type.Literal('days'), Type.Literal('business-days')]),
    source: Type.String({ minLength: 1, maxLength: 400 }),
    /** What its notice has to say: one of `forms`. */
    form: Type.Optional(Id),
  },
  { additionalProperties: false },
)

/** What a case itself can say; the rest is an officer's to write. */
export const NOTICE_FACTS = [
  'provider',
  'contact',
  'serial',
  'detected',
  'happened',
  'circumstances',
  'people',
  'records',
  'measures',
  'protection',
  'advice',
] as const

const NoticeFormSchema = Type.Object(
  {
    id: Id,
    name: Words,
    source: Type.String({ minLength: 1, maxLength: 400 }),
    fields: Type.Array(
      Type.Object(
        {
          id: Id,
          words: Words,
          /** What of the case it is drafted from. */
          from: Type.Optional(Type.Enum(NOTICE_FACTS)),
          /** May stay empty. */
          optional: Type.Optional(Type.Literal(true)),
        },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: 40 },
    ),
  },
  { additionalProperties: false },
)

const BreachFrameSchema = Type.Object(
  {
    id: Id,
    name: Words,
    /** Runs in every case; the others are switched on where a customer is under that law. */
    always: Type.Boolean(),
    clocks: Type.Array(BreachClockSchema, { minItems: 1, maxItems: 20 }),
  },
  { additionalProperties: false },
)

/** What a country asks of an operator whose customers' records left the house. */
export const BreachSchema = Type.Object(
  {
    frames: Type.Array(BreachFrameSchema, { minItems: 1, maxItems: 20 }),
    /** The contents that laws ask of a notice, in their order. */
    forms: Type.Optional(Type.Array(NoticeFormSchema, { maxItems: 40 })),
    /** Local days on which no office works, beside Saturdays and Sundays. */
    holidays: Type.Array(Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' }), { maxItems: 500 }),
  },
  { additionalProperties: false },
)

export type BreachClock = Static<typeof BreachClockSchema>
export type NoticeForm = Static<typeof NoticeFormSchema>
export type NoticeFact = (typeof NOTICE_FACTS)[number]
export type BreachFrame = Static<typeof BreachFrameSchema>
export type Breach = Static<typeof BreachSchema>
