import Type, { type Static } from 'typebox'
import { PRESS_ANSWERS, PRESS_WAYS } from './enquiry-rules.ts'

/** The shapes of what the press asked and was told. */

const closed = { additionalProperties: false } as const
const orNull = <T extends Parameters<typeof Type.Union>[0][number]>(type: T) =>
  Type.Union([type, Type.Null()])
const Id = Type.String({ pattern: '^[0-9a-f]{24}$' })
const Instant = Type.Integer({ minimum: 0, maximum: 8_640_000_000_000_000 })
const Way = Type.Enum(PRESS_WAYS)
const How = Type.Enum(PRESS_ANSWERS)

export const EnquiryParams = Type.Object({ id: Id, enquiry: Id }, closed)
export const EnquiryBody = Type.Object(
  {
    medium: Type.String({ minLength: 2, maxLength: 200 }),
    who: Type.String({ minLength: 2, maxLength: 200 }),
    via: Way,
    asked: Type.String({ minLength: 3, maxLength: 4000 }),
    dueAt: orNull(Instant),
  },
  closed,
)
export type EnquiryAsked = Static<typeof EnquiryBody>
export const PressAnswerBody = Type.Object(
  {
    how: How,
    statement: orNull(Id),
    via: Way,
    language: Type.Enum(['en', 'my'] as const),
  },
  closed,
)

export const EnquiriesView = Type.Object(
  {
    enquiries: Type.Array(
      Type.Object(
        {
          id: Id,
          medium: Type.String(),
          who: Type.String(),
          via: Way,
          asked: Type.String(),
          at: Type.Integer(),
          dueAt: orNull(Type.Integer()),
          deskName: Type.String(),
          answers: Type.Array(
            Type.Object(
              {
                how: How,
                statement: orNull(Type.String()),
                version: orNull(Type.Integer()),
                via: Way,
                told: Type.String(),
                deskName: Type.String(),
                at: Type.Integer(),
              },
              closed,
            ),
          ),
        },
        closed,
      ),
    ),
    /** What stands in public about this case, and so may be the answer. */
    published: Type.Array(
      Type.Object({ id: Id, title: Type.Object({ en: Type.String(), my: Type.String() }, closed) }, closed),
    ),
  },
  closed,
)
export type EnquiriesViewData = Static<typeof EnquiriesView>
