import Type, { type Static } from 'typebox'
import { OFFICES, ROLES } from './staff.ts'

/** What the staff room's routes take and give. Instants are milliseconds since 1970 UTC. */
const closed = { additionalProperties: false } as const
const Instant = Type.Integer({ minimum: 0, maximum: 8_640_000_000_000_000 })
const Id = Type.String({ pattern: '^[0-9a-f]{32}$' })
const Token = Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' })
const Reason = Type.String({ minLength: 10, maxLength: 1_000 })
const Team = Type.String({ pattern: '^[a-z0-9-]{1,40}$' })
const Shop = Type.String({ pattern: '^[a-z0-9-]{1,60}$' })
const Name = Type.String({ minLength: 1, maxLength: 200 })
const Words = Type.Object({ en: Type.String(), my: Type.String() }, closed)
const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])

export const RoleSchema = Type.Enum([...ROLES])
export const OfficeSchema = Type.Enum(OFFICES.map(({ id }) => id))
export const StatusSchema = Type.Enum(['active', 'frozen', 'dismissed'])
const Tie = Type.Enum(['own', 'household', 'declared'])

export const IdParams = Type.Object({ id: Id }, closed)
export const RoleParams = Type.Object({ id: Id, role: RoleSchema }, closed)
export const ReasonBody = Type.Object({ reason: Reason }, closed)

export const ColleagueSchema = Type.Object(
  {
    id: Id,
    deskName: Type.String(),
    name: Type.String(),
    roles: Type.Array(RoleSchema),
    office: OfficeSchema,
    team: Type.String(),
    status: StatusSchema,
  },
  closed,
)

export const SessionSchema = Type.Object(
  {
    staff: Type.Object(
      {
        id: Id,
        deskName: Type.String(),
        name: Type.String(),
        roles: Type.Array(RoleSchema),
        office: OfficeSchema,
        team: Type.String(),
        onShift: Type.Boolean(),
        conductSigned: Type.Boolean(),
        trained: Type.Boolean(),
        /** The shop whose registered device this session runs on. */
        shop: Nullable(Type.String()),
      },
      closed,
    ),
    /** What these roles may have at all: which desks and buttons to show. */
    actions: Type.Array(Type.String()),
    /** For the header `x-csrf-token` of every request that changes something. */
    csrf: Type.String(),
    operatorName: Type.String(),
    demo: Type.Boolean(),
  },
  closed,
)
export type SessionView = Static<typeof SessionSchema>

/** `directory`: staff sign in by the operator's own directory. */
export const SignInSchema = Type.Object(
  { operatorName: Type.String(), demo: Type.Boolean(), directory: Type.Boolean() },
  closed,
)
export const DemoPeopleSchema = Type.Object(
  {
    people: Type.Array(
      Type.Object(
        {
          ...ColleagueSchema.properties,
          onShift: Type.Boolean(),
          atAnyHour: Type.Boolean(),
          shops: Type.Array(Type.String()),
        },
        closed,
      ),
    ),
  },
  closed,
)
export const DemoSessionBody = Type.Object({ staffId: Id, shop: Type.Optional(Shop) }, closed)

/** A passkey's answer, checked by the WebAuthn library; here only its outline and size. */
const Credential = Type.Object(
  {
    id: Type.String({ maxLength: 1_400 }),
    rawId: Type.String({ maxLength: 1_400 }),
    type: Type.Literal('public-key'),
    response: Type.Record(Type.String({ maxLength: 40 }), Type.Unknown(), { maxProperties: 12 }),
    authenticatorAttachment: Type.Optional(Nullable(Type.String({ maxLength: 40 }))),
    clientExtensionResults: Type.Optional(Type.Record(Type.String({ maxLength: 40 }), Type.Unknown())),
  },
  closed,
)
export const PasskeyAnswerBody = Type.Object({ id: Id, response: Credential }, closed)
export const EnrolBody = Type.Object({ token: Token, id: Id, response: Credential }, closed)
export const TokenBody = Type.Object({ token: Token }, closed)
export const ChallengeSchema = Type.Object({ id: Id, options: Type.Unknown() }, closed)
export const EnrolmentSchema = Type.Object(
  {
    id: Id,
    person: Type.Object({ name: Type.String(), deskName: Type.String() }, closed),
    options: Type.Unknown(),
  },
  closed,
)
export const LinkSchema = Type.Object({ link: Type.String(), expiresAt: Instant }, closed)

export const PeopleQuery = Type.Object(
  {
    office: Type.Optional(OfficeSchema),
    team: Type.Optional(Team),
    status: Type.Optional(StatusSchema),
    role: Type.Optional(RoleSchema),
  },
  closed,
)
export const PeopleSchema = Type.Object({ people: Type.Array(ColleagueSchema) }, closed)
export const NewPersonBody = Type.Object(
  {
    name: Name,
    office: OfficeSchema,
    team: Team,
    deskName: Type.Optional(Type.String({ pattern: '^[A-Z]-[1-9][0-9]{0,4}$' })),
  },
  closed,
)
export const AddedSchema = Type.Object({ id: Id, deskName: Type.String() }, closed)
export const PlaceBody = Type.Object({ office: OfficeSchema, team: Team }, closed)
export const RoleBody = Type.Object({ role: RoleSchema, reason: Reason }, closed)
export const ProposedSchema = Type.Object({ proposal: Id }, closed)
export const DismissalBody = Type.Object(
  { clause: Type.String({ minLength: 1, maxLength: 200 }), reason: Reason },
  closed,
)
export const SessionsEndedSchema = Type.Object({ sessionsEnded: Type.Integer() }, closed)
export const DoneSchema = Type.Object({ done: Type.Literal(true) }, closed)
export const ShiftsBody = Type.Object(
  {
    shifts: Type.Array(Type.Object({ from: Instant, until: Instant }, closed), {
      minItems: 1,
      maxItems: 100,
    }),
  },
  closed,
)
export const ApprovalBody = Type.Object({ until: Instant, reason: Reason }, closed)
export const TrainingBody = Type.Object(
  { course: Type.String({ pattern: '^[a-z0-9-]{1,60}$' }), passedAt: Instant, expiresAt: Instant },
  closed,
)

export const RoleProposalsSchema = Type.Object(
  {
    proposals: Type.Array(
      Type.Object(
        {
          id: Id,
          about: ColleagueSchema,
          role: RoleSchema,
          reason: Type.String(),
          proposedBy: ColleagueSchema,
          proposedAt: Instant,
        },
        closed,
      ),
    ),
  },
  closed,
)

export const PersonSchema = Type.Object(
  {
    person: ColleagueSchema,
    addedAt: Instant,
    shifts: Type.Array(
      Type.Object({ from: Instant, until: Instant, kind: Type.Enum(['planned', 'approved']) }, closed),
    ),
    trainings: Type.Array(
      Type.Object({ course: Type.String(), passedAt: Instant, expiresAt: Instant }, closed),
    ),
    conduct: Nullable(Type.Object({ version: Type.Integer(), signedAt: Instant }, closed)),
    freezes: Type.Array(
      Type.Object({ reason: Type.String(), frozenAt: Instant, liftedAt: Nullable(Instant) }, closed),
    ),
    dismissal: Nullable(
      Type.Object({ clause: Type.String(), reason: Type.String(), dismissedAt: Instant }, closed),
    ),
    openSessions: Type.Integer(),
    /** What the asking person may do here; each with the reason where not. */
    may: Type.Record(Type.String(), Nullable(Type.String())),
  },
  closed,
)
export type PersonView = Static<typeof PersonSchema>

export const OfficesSchema = Type.Object(
  {
    offices: Type.Array(
      Type.Object(
        {
          id: OfficeSchema,
          words: Words,
          teams: Type.Array(Type.Object({ team: Type.String(), people: Type.Integer() }, closed)),
        },
        closed,
      ),
    ),
    roles: Type.Array(Type.Object({ id: RoleSchema, words: Words }, closed)),
  },
  closed,
)

export const ConductSchema = Type.Object(
  {
    current: Nullable(Type.Object({ version: Type.Integer(), text: Words, effectiveFrom: Instant }, closed)),
    mine: Nullable(Type.Object({ version: Type.Integer(), signedAt: Instant }, closed)),
  },
  closed,
)
const Text = Type.String({ minLength: 1, maxLength: 50_000 })
export const NewConductBody = Type.Object(
  { text: Type.Object({ en: Text, my: Text }, closed), reason: Reason },
  closed,
)
export const VersionBody = Type.Object({ version: Type.Integer({ minimum: 1 }) }, closed)
export const VersionSchema = Type.Object({ version: Type.Integer() }, closed)

export const CircleSchema = Type.Object(
  {
    numbers: Type.Array(
      Type.Object({ id: Id, kind: Tie, number: Type.String(), declaredAt: Instant }, closed),
    ),
  },
  closed,
)
export const NewNumberBody = Type.Object(
  { kind: Tie, number: Type.String({ minLength: 3, maxLength: 40 }) },
  closed,
)
export const CreatedSchema = Type.Object({ id: Id }, closed)

export const DevicesSchema = Type.Object(
  {
    devices: Type.Array(
      Type.Object({ id: Id, shop: Type.String(), registeredAt: Instant, revoked: Type.Boolean() }, closed),
    ),
  },
  closed,
)
export const ShopBody = Type.Object({ shop: Shop }, closed)
export const ShopSchema = Type.Object({ shop: Type.String() }, closed)

export const PoliciesSchema = Type.Object(
  {
    schema: Type.String(),
    policies: Type.Array(
      Type.Object(
        {
          id: Type.String(),
          file: Type.String(),
          line: Type.Integer(),
          effect: Type.Enum(['permit', 'forbid']),
          text: Type.String(),
          says: Nullable(Type.String()),
        },
        closed,
      ),
    ),
    /** The table of tests, as Markdown. */
    table: Type.String(),
  },
  closed,
)

const within = (minimum: number, maximum: number) => Type.Integer({ minimum, maximum })
/** Bounds keep a change of policy from switching a protection off by a number. */
export const RulesSchema = Type.Object(
  {
    photoId: Type.Object(
      { shopDevice: Type.Boolean(), secondClerk: Type.Boolean(), textFirst: Type.Boolean() },
      closed,
    ),
    code: Type.Object(
      {
        liveMinutes: within(1, 10),
        tries: within(1, 5),
        lockMinutes: within(5, 1_440),
        sendsPerContact: within(1, 5),
        secondsBetweenSends: within(10, 600),
        simChangeDays: within(3, 90),
      },
      closed,
    ),
    secret: Type.Object(
      { tries: within(1, 5), lockMinutes: within(5, 1_440), ageHours: within(24, 720) },
      closed,
    ),
    callBackMinutes: within(1, 60),
    addressAgeDays: within(30, 365),
    firstPinWaitHours: within(24, 720),
    idleMinutes: within(2, 30),
    grant: Type.Object({ minutes: within(5, 30), rowsPerPage: within(10, 50) }, closed),
    limits: Type.Object(
      {
        looksAnHour: within(1, 60),
        looksAnHourOfTeam: within(1, 2_000),
        unmasksALook: within(0, 20),
        matchesAContact: within(0, 10),
        matchesASubscriber: within(0, 30),
        matchDays: within(7, 90),
        matchesADay: within(0, 100),
        missesAContact: within(1, 5),
      },
      closed,
    ),
    retention: Type.Object(
      { careBillPeriods: Nullable(within(1, 13)), storeMonths: Nullable(within(1, 120)) },
      closed,
    ),
    withheld: Type.Array(Type.String({ pattern: '^[a-z-]{1,40}/[a-z-]{1,40}$' }), { maxItems: 300 }),
  },
  closed,
)
export const PreviewRulesBody = Type.Object({ rules: RulesSchema }, closed)
const PreviewEffect = Type.Union([Type.Literal('refuse'), Type.Literal('allow')])
export const RulesPreviewSchema = Type.Object(
  {
    from: Instant,
    until: Instant,
    against: Type.Integer(),
    decisions: Type.Integer(),
    wouldRefuse: Type.Integer(),
    wouldAllow: Type.Integer(),
    looksRefused: Type.Integer(),
    cannotTell: Type.Integer(),
    reasons: Type.Array(
      Type.Object(
        {
          effect: PreviewEffect,
          act: Type.String(),
          code: Type.String(),
          says: Type.String(),
          count: Type.Integer(),
        },
        closed,
      ),
    ),
    cases: Type.Array(
      Type.Object(
        {
          at: Instant,
          deskName: Type.String(),
          office: Type.String(),
          act: Type.String(),
          effect: PreviewEffect,
          code: Type.String(),
        },
        closed,
      ),
    ),
    notReplayed: Type.Array(Type.String()),
    monthsEnding: Type.Array(Type.String()),
    cut: Type.Boolean(),
  },
  closed,
)
export const ProposeRulesBody = Type.Object({ rules: RulesSchema, reason: Reason }, closed)
const VerificationPolicySchema = Type.Object(
  {
    version: Type.Integer(),
    rules: RulesSchema,
    reason: Type.String(),
    proposedBy: Nullable(Type.String()),
    approvedBy: Type.Array(Type.String()),
    effectiveFrom: Instant,
    preview: Nullable(RulesPreviewSchema),
  },
  closed,
)
export const VerificationPoliciesSchema = Type.Object(
  {
    inForce: Type.Integer(),
    versions: Type.Array(VerificationPolicySchema),
    waiting: Type.Array(
      Type.Object(
        {
          id: Id,
          rules: RulesSchema,
          reason: Type.String(),
          proposedBy: Id,
          proposedAt: Instant,
          approvedBy: Type.Array(Id),
          preview: Nullable(RulesPreviewSchema),
          against: Type.Integer(),
        },
        closed,
      ),
    ),
    /** Every `role/action` that a version may withhold. */
    withholdable: Type.Array(Type.String()),
  },
  closed,
)
export const InForceSchema = Type.Object({ inForce: Nullable(Type.Integer()) }, closed)
