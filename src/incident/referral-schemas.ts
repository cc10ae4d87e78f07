import Type, { type Static } from 'typebox'
import { PARTS, REASONS } from './referral-pick.ts'
import { CUSTODY, REFERRAL_STATES } from './referral-rules.ts'

/** The shapes of what is asked and answered about referrals. */

const closed = { additionalProperties: false } as const
const orNull = <T extends Parameters<typeof Type.Union>[0][number]>(type: T) =>
  Type.Union([type, Type.Null()])
const Id = Type.String({ pattern: '^[0-9a-f]{24}$' })
const Says = Type.String({ minLength: 10, maxLength: 2000 })
const Digest = Type.String({ pattern: '^[0-9a-f]{64}$' })
const Line = Type.String({ minLength: 3, maxLength: 200 })

export const ReferralParams = Type.Object({ id: Id, referral: Id }, closed)
export const PreparingBody = Type.Object({ station: Line, officer: Line, offence: Line, says: Says }, closed)
export type PreparingAsked = Static<typeof PreparingBody>

export const ReferralActBody = Type.Union([
  Type.Object({ do: Type.Enum(['approve', 'withdraw'] as const), says: Says }, closed),
  Type.Object({ do: Type.Literal('hand-over'), digest: Digest, place: Line, says: Says }, closed),
  Type.Object({ do: Type.Literal('receive'), digest: Digest, receipt: Line, says: Says }, closed),
])
export type ReferralActAsked = Static<typeof ReferralActBody>
export const CopyBody = Type.Object({ says: Says }, closed)

const Picked = Type.Object(
  {
    index: Type.Integer(),
    part: Type.Enum(PARTS),
    kind: Type.String(),
    withheld: orNull(Type.Enum(REASONS)),
  },
  closed,
)
const KeptOut = Type.Object({ why: Type.Enum(REASONS), entries: Type.Integer() }, closed)

export const ReferralPreview = Type.Object(
  { picked: Type.Array(Picked), keptOut: Type.Array(KeptOut) },
  closed,
)
export type ReferralPreviewData = Static<typeof ReferralPreview>

export const ReferralView = Type.Object(
  {
    id: Type.String(),
    state: Type.Enum(REFERRAL_STATES),
    station: Type.String(),
    officer: Type.String(),
    offence: Type.String(),
    says: Type.String(),
    picked: Type.Array(Picked),
    keptOut: Type.Array(KeptOut),
    preparedBy: Type.String(),
    preparedAt: Type.Integer(),
    /** Whether whoever asks has prepared or approved it. */
    mine: Type.Boolean(),
    approvals: Type.Array(
      Type.Object({ deskName: Type.String(), counsel: Type.Boolean(), at: Type.Integer() }, closed),
    ),
    digest: orNull(Type.String()),
    bytes: orNull(Type.Integer()),
    sealedBy: orNull(Type.Integer()),
    receipt: orNull(Type.String()),
    custody: Type.Array(
      Type.Object(
        {
          do: Type.Enum(CUSTODY),
          from: Type.String(),
          to: Type.String(),
          place: Type.String(),
          says: Type.String(),
          at: Type.Integer(),
          digest: Type.String(),
          index: Type.Integer(),
        },
        closed,
      ),
    ),
    /** Whether whoever asks holds a copy. */
    held: Type.Boolean(),
    /** Indexes of its own entries but those of custody. */
    entries: Type.Array(Type.Integer()),
  },
  closed,
)
export type ReferralViewData = Static<typeof ReferralView>
export const ReferralsView = Type.Object({ referrals: Type.Array(ReferralView) }, closed)
