import Type, { type Static } from 'typebox'

/** What the search for leak paths takes and gives over HTTP. */

const closed = { additionalProperties: false } as const

export const PathBody = Type.Object({
  incident: Type.String({ minLength: 1, maxLength: 64 }),
  employee: Type.String({ minLength: 1, maxLength: 64 }),
  recipient: Type.String({ minLength: 3, maxLength: 64 }),
  lookedAt: Type.Integer({ minimum: 0 }),
  further: Type.Optional(Type.Boolean()),
})

export const PathView = Type.Object(
  {
    id: Type.String(),
    incident: Type.String(),
    at: Type.Integer(),
    /** Ledger id of the entry that says it was searched. */
    entry: Type.String(),
    employee: Type.String(),
    /** The window, ms. */
    from: Type.Integer(),
    until: Type.Integer(),
    budget: Type.Integer(),
    logsOpened: Type.Integer(),
    /** The budget ended before the search did. */
    cutShort: Type.Boolean(),
    /** The chain, in order of time; numbers of those on it and of nobody else. Empty: none was found. */
    links: Type.Array(Type.Object({ from: Type.String(), to: Type.String(), at: Type.Integer() }, closed)),
    decoys: Type.Integer(),
    decoysAsGood: Type.Integer(),
    /** `(1 + decoys as good) / (1 + decoys)`: the chance that such a chain means nothing; null without a chain. */
    chanceOfNothing: Type.Union([Type.Number(), Type.Null()]),
  },
  closed,
)
export const PathsView = Type.Object({ paths: Type.Array(PathView) }, closed)
export const PathsQuery = Type.Object({ incident: Type.String({ minLength: 1, maxLength: 64 }) })

export type PathViewData = Static<typeof PathView>
