import Type, { type Static } from 'typebox'
import { CONFIDENCES, GROUNDS, PERSON_KINDS } from './chain-rules.ts'

/** The shapes of what is asked and answered about the chain of a leak. */

const closed = { additionalProperties: false } as const
const Id = Type.String({ pattern: '^[0-9a-f]{16}$' })
const Says = Type.String({ minLength: 10, maxLength: 2000 })
const Name = Type.String({ minLength: 2, maxLength: 60 })
const RefOrNull = Type.Union([Type.String({ pattern: '^[0-9a-f]{24}$' }), Type.Null()])
const Ground = Type.Object(
  { kind: Type.Enum(GROUNDS), ref: RefOrNull, says: Type.String({ maxLength: 500 }) },
  closed,
)
const Confidence = Type.Enum(CONFIDENCES)

export const ChainBody = Type.Union([
  Type.Object({ do: Type.Literal('person'), kind: Type.Enum(PERSON_KINDS), name: Name, says: Says }, closed),
  Type.Object(
    {
      do: Type.Literal('link'),
      from: Id,
      to: Id,
      how: Type.String({ minLength: 3, maxLength: 200 }),
      ground: Ground,
      confidence: Confidence,
      says: Says,
    },
    closed,
  ),
  Type.Object(
    { do: Type.Literal('revise'), id: Id, ground: Ground, confidence: Confidence, says: Says },
    closed,
  ),
  Type.Object({ do: Type.Literal('remove'), id: Id, says: Says }, closed),
])
export type ChainAsked = Static<typeof ChainBody>

export const ChainView = Type.Object(
  {
    people: Type.Array(
      Type.Object({ id: Type.String(), kind: Type.Enum(PERSON_KINDS), name: Type.String() }, closed),
    ),
    links: Type.Array(
      Type.Object(
        {
          id: Type.String(),
          from: Type.String(),
          to: Type.String(),
          how: Type.String(),
          ground: Type.Object(
            { kind: Type.Enum(GROUNDS), ref: Type.Union([Type.String(), Type.Null()]), says: Type.String() },
            closed,
          ),
          confidence: Confidence,
        },
        closed,
      ),
    ),
    /** What a link may rest on, the newest first. */
    traces: Type.Array(Type.Object({ id: Type.String(), at: Type.Integer() }, closed)),
    paths: Type.Array(Type.Object({ id: Type.String(), at: Type.Integer() }, closed)),
  },
  closed,
)
export type ChainViewData = Static<typeof ChainView>
