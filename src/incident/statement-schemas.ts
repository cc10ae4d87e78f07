import Type, { type Static } from 'typebox'
import { ANSWERS, DOES, HOUSE_GROUNDS, type HouseGround, ZEROS } from './statement-rules.ts'

/** The shapes of what is asked and answered about public statements. */

const closed = { additionalProperties: false } as const
const orNull = <T extends Parameters<typeof Type.Union>[0][number]>(type: T) =>
  Type.Union([type, Type.Null()])
const Id = Type.String({ pattern: '^[0-9a-f]{24}$' })
const words = (most: number) => {
  const text = Type.String({ minLength: 3, maxLength: most })
  return Type.Object({ en: text, my: text }, closed)
}
const Title = words(300)
const Why = words(500)
const Instant = Type.Integer({ minimum: 0, maximum: 8_640_000_000_000_000 })
const House = Type.Enum(Object.keys(HOUSE_GROUNDS) as HouseGround[])
const Ground = Type.Union([
  Type.Object({ entry: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }) }, closed),
  Type.Object({ house: House }, closed),
  Type.Object(
    { zero: Type.Object({ what: Type.Enum(ZEROS), since: Instant, until: Instant }, closed) },
    closed,
  ),
])

const Text = Type.Object(
  {
    kind: Type.Enum(['statement', 'rumour'] as const),
    title: Title,
    answer: orNull(Type.Enum(ANSWERS)),
    facts: Type.Array(Type.Object({ words: words(600), ground: Ground }, closed), { maxItems: 12 }),
  },
  closed,
)

export const StatementParams = Type.Object({ id: Id, statement: Id }, closed)
export const DraftBody = Type.Object({ text: Text }, closed)
export const StatementActBody = Type.Union([
  Type.Object({ do: Type.Enum(['approve', 'drop'] as const) }, closed),
  Type.Object({ do: Type.Literal('correct'), text: Text, why: Why }, closed),
  Type.Object({ do: Type.Literal('withdraw'), why: Why }, closed),
])
export type StatementActAsked = Static<typeof StatementActBody>
export type TextAsked = Static<typeof Text>

const VersionView = Type.Object(
  {
    does: Type.Enum(DOES),
    text: orNull(Text),
    why: orNull(Type.Object({ en: Type.String(), my: Type.String() }, closed)),
    deskName: Type.String(),
    at: Type.Integer(),
    /** Whether whoever asks wrote it or approved it. */
    mine: Type.Boolean(),
    approvals: Type.Array(Type.Object({ deskName: Type.String(), at: Type.Integer() }, closed)),
    publishedAt: orNull(Type.Integer()),
  },
  closed,
)
export const StatementView = Type.Object({ id: Type.String(), versions: Type.Array(VersionView) }, closed)
export type StatementViewData = Static<typeof StatementView>

export const StatementsView = Type.Object(
  {
    statements: Type.Array(StatementView),
    /** What facts may rest on: entries of the case, newest first. */
    grounds: Type.Array(
      Type.Object(
        { entry: Type.Integer(), act: Type.String(), what: Type.String(), at: Type.Integer() },
        closed,
      ),
    ),
  },
  closed,
)
export type StatementsViewData = Static<typeof StatementsView>
