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
    /** Local days on which no office works, beside Saturdays and Sundays. */
    holidays: Type.Array(Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' }), { maxItems: 500 }),
  },
  { additionalProperties: false },
)

export type BreachClock = Static<typeof BreachClockSchema>
export type BreachFrame = Static<typeof BreachFrameSchema>
export type Breach = Static<typeof BreachSchema>
