import type { LawfulFrame } from '../calls/lawful-frame.ts'
import type { CheckAnswer, CheckId } from './checks.ts'
import type { Case } from './request.ts'
import { allowedFields } from './scope.ts'

/** What the desk looked up for the standards that come from data; an officer still answers each. */
export interface DeskFacts {
  /** Serials of requests that name one of these numbers in an overlapping window. */
  readonly answeredBefore: readonly string[]
  /** Epoch seconds: records before are no longer kept. */
  readonly keptFrom: number
  readonly employees: number
  readonly changedHands: number
}

export interface Suggestion {
  readonly answer: CheckAnswer
  readonly reason: string
}

/** What the machine can see for itself, as an answer and its reason. The rest takes a person. */
export function suggest(
  one: Case,
  frame: LawfulFrame,
  facts: DeskFacts,
): Partial<Record<CheckId, Suggestion>> {
  const { filing } = one
  const { limits } = frame
  const yes = (reason: string): Suggestion => ({ answer: 'yes', reason })
  const no = (reason: string): Suggestion => ({ answer: 'no', reason })
  const longest = Math.max(...filing.identifiers.map(({ from, until }) => (until - from) / 86_400))
  const oldest = Math.min(...filing.identifiers.map(({ from }) => from))
  const odd = filing.identifiers.filter(({ type }) => type !== 'msisdn').length
  const category = frame.categories.find(({ id }) => id === filing.category)
  const struck = filing.fields.filter((field) => !allowedFields(filing, frame).includes(field))
  return {
    V1:
      one.filter?.outcome === 'passed'
        ? yes(`Filtered by ${frame.gate.name.en}.`)
        : no('It has not passed the filter.'),
    V5: basisInForce(one, frame),
    V6:
      filing.paper === null
        ? no('The paper is still to come.')
        : yes(`Dated ${filing.paper.date}, by ${filing.paper.authorisedBy}.`),
    V7: category === undefined ? no('Not on the list.') : yes(`${category.words.en}: ${filing.offence}.`),
    V8:
      odd > 0
        ? no(`${odd} of ${filing.identifiers.length} are no telephone number.`)
        : yes(`${filing.identifiers.length} named.`),
    V9:
      longest > limits.periodDays
        ? no(`Up to ${Math.round(longest)} days; the limit is ${limits.periodDays}.`)
        : yes(`At most ${Math.ceil(longest)} days.`),
    V10:
      filing.asksContent || struck.length > 0
        ? no(
            filing.asksContent
              ? 'Asks for content, which does not exist here.'
              : `Not allowed here: ${struck.join(', ')}.`,
          )
        : yes(`${filing.fields.length} kinds of data.`),
    V14:
      facts.answeredBefore.length > 0
        ? no(`Overlaps ${facts.answeredBefore.slice(0, 3).join(', ')}.`)
        : yes('No earlier request for these numbers and days.'),
    V15: oldest < facts.keptFrom ? no('Begins before what is kept.') : yes('Within what is kept.'),
    V16:
      facts.employees > 0
        ? no(`${facts.employees} of the numbers are employees’.`)
        : yes('No employee’s number.'),
    V17:
      facts.changedHands > 0
        ? no(`${facts.changedHands} of the numbers changed hands in their window.`)
        : yes('One holder each.'),
  }
}

function basisInForce({ filing }: Case, frame: LawfulFrame): Suggestion {
  const basis = frame.bases.find(({ code }) => code === filing.basis)
  if (basis === undefined) return { answer: 'no', reason: 'No such basis.' }
  if (!basis.alone) return { answer: 'no', reason: `${basis.title.en} carries no request by itself.` }
  const day = filing.paper?.date
  if (day === undefined) return { answer: 'not-applicable', reason: 'The paper is still to come.' }
  const over = basis.suspendedFrom ?? basis.validUntil
  if (day < basis.validFrom || (over !== undefined && day >= over))
    return { answer: 'no', reason: `Not in force on ${day}.` }
  return { answer: 'yes', reason: `In force since ${basis.validFrom}.` }
}
