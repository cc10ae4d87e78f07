import Type, { type Static } from 'typebox'
import { EMPLOYMENT_STATES, OUTCOMES } from './employment-rules.ts'

/** The shapes of what is asked and answered about somebody's employment. */

const closed = { additionalProperties: false } as const
const orNull = <T extends Parameters<typeof Type.Union>[0][number]>(type: T) =>
  Type.Union([type, Type.Null()])
const Instant = Type.Integer({ minimum: 0, maximum: 8_640_000_000_000_000 })
const Says = Type.String({ minLength: 10, maxLength: 4000 })
const Clause = Type.String({ minLength: 1, maxLength: 120 })
const Clauses = Type.Object({ contract: Clause, code: Clause }, closed)
const Outcome = Type.Enum(OUTCOMES)
const Do = Type.Enum(['suspend', 'hear', 'decide', 'appeal', 'decide-appeal'] as const)

export const EmploymentParams = Type.Object(
  { id: Type.String({ pattern: '^[0-9a-f]{24}$' }), staff: Type.String({ pattern: '^[0-9a-f]{32}$' }) },
  closed,
)
export const EmploymentBody = Type.Union([
  Type.Object({ do: Type.Literal('suspend'), clauses: Clauses, says: Says }, closed),
  Type.Object(
    {
      do: Type.Literal('hear'),
      heardAt: Instant,
      came: Type.Boolean(),
      companion: Type.String({ maxLength: 200 }),
      says: Says,
    },
    closed,
  ),
  Type.Object({ do: Type.Literal('decide'), outcome: Outcome, clauses: Clauses, says: Says }, closed),
  Type.Object({ do: Type.Literal('appeal'), says: Says }, closed),
  Type.Object({ do: Type.Literal('decide-appeal'), outcome: Outcome, says: Says }, closed),
])
export type EmploymentAsked = Static<typeof EmploymentBody>

const by = { deskName: Type.String(), at: Type.Integer() }
const ClausesView = Type.Object({ contract: Type.String(), code: Type.String() }, closed)

export const EmploymentView = Type.Object(
  {
    incident: Type.String(),
    serial: Type.String(),
    open: Type.Boolean(),
    confirmed: Type.Boolean(),
    person: Type.Object(
      {
        staff: Type.String(),
        deskName: Type.String(),
        office: Type.String(),
        /** Why the case names them. */
        ground: Type.String(),
        frozenAt: orNull(Type.Integer()),
      },
      closed,
    ),
    state: Type.Enum(EMPLOYMENT_STATES),
    suspended: orNull(Type.Object({ ...by, says: Type.String(), clauses: ClausesView }, closed)),
    hearing: orNull(
      Type.Object(
        {
          ...by,
          heardAt: Type.Integer(),
          came: Type.Boolean(),
          companion: Type.String(),
          says: Type.String(),
        },
        closed,
      ),
    ),
    decision: orNull(
      Type.Object({ ...by, outcome: Outcome, clauses: ClausesView, says: Type.String() }, closed),
    ),
    appeal: orNull(Type.Object({ ...by, says: Type.String() }, closed)),
    last: orNull(Type.Object({ ...by, outcome: Outcome, says: Type.String() }, closed)),
    /** What may come next, whoever does it. */
    next: Type.Array(Do),
    /** Whether whoever asks had no part in it before, and so may decide. */
    mayDecide: Type.Boolean(),
  },
  closed,
)
export type EmploymentViewData = Static<typeof EmploymentView>
export const EmploymentsView = Type.Object({ matters: Type.Array(EmploymentView) }, closed)
export type EmploymentsViewData = Static<typeof EmploymentsView>
