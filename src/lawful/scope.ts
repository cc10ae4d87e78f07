import type { LawfulFrame } from '../calls/lawful-frame.ts'
import { type Refusal, refuse } from '../platform/refusal.ts'
import { type Answer, askedScope, type Filing, type Scope } from './request.ts'

const DAY = 86_400

/** What both scopes allow: the windows that overlap, the fields they share; null when nothing is left. */
export function intersect(a: Scope, b: Scope): Scope | null {
  const parts = a.parts.flatMap((one) =>
    b.parts
      .filter((other) => other.identifier === one.identifier)
      .map((other) => ({
        identifier: one.identifier,
        from: Math.max(one.from, other.from),
        until: Math.min(one.until, other.until),
      }))
      .filter(({ from, until }) => from < until),
  )
  const fields = a.fields.filter((field) => b.fields.includes(field))
  return parts.length === 0 || fields.length === 0 ? null : { parts, fields }
}

/** The narrower of two answers: any refusal, else what both allow; nothing in common is a refusal as overbroad. */
export function narrower(first: Answer, second: Answer): Answer {
  if (first.kind === 'refuse') return first
  if (second.kind === 'refuse') return second
  const scope = intersect(first.scope, second.scope)
  return scope === null ? { kind: 'refuse', ground: 'overbroad' } : { kind: 'approve', scope }
}

/** Whether `scope` allows all that was asked, content apart. */
export function isWhole(scope: Scope, filing: Filing): boolean {
  const asked = askedScope(filing)
  return (
    !filing.asksContent &&
    asked.fields.every((field) => scope.fields.includes(field)) &&
    asked.parts.every((part) =>
      scope.parts.some(
        (p) => p.identifier === part.identifier && p.from <= part.from && p.until >= part.until,
      ),
    )
  )
}

/** Days of records that a scope covers, each number's own, begun days counted whole. */
export function daysOf(scope: Scope): number {
  return scope.parts.reduce((sum, { from, until }) => sum + Math.max(1, Math.ceil((until - from) / DAY)), 0)
}

/** Distinct numbers in a scope. */
export function numbersOf(scope: Scope): number {
  return new Set(scope.parts.map(({ identifier }) => identifier)).size
}

/** The fields that category and legal basis allow among those asked for. */
export function allowedFields(filing: Filing, frame: LawfulFrame): Filing['fields'] {
  const basis = frame.bases.find(({ code }) => code === filing.basis)
  const category = frame.categories.find(({ id }) => id === filing.category)
  return filing.fields.filter(
    (field) =>
      (basis?.fields === undefined || basis.fields.includes(field)) &&
      (category?.fields === undefined || category.fields.includes(field)),
  )
}

/** Why this scope cannot be approved for what was asked, or null. */
export function faultOfScope(scope: Scope, filing: Filing, frame: LawfulFrame): Refusal | null {
  const { limits } = frame
  const wider = scope.parts.some((part) => {
    const asked = filing.identifiers[part.identifier]
    return (
      asked === undefined || part.from < asked.from || part.until > asked.until || part.from >= part.until
    )
  })
  if (scope.parts.length === 0 || scope.fields.length === 0)
    return refuse('scope-empty', 'Nothing is left in this scope.', 'Refuse it, or keep a number and a field.')
  if (wider)
    return refuse(
      'scope-wider',
      'The scope is wider than what was asked.',
      'Stay within the numbers and windows named.',
    )
  const allowed = allowedFields(filing, frame)
  if (!scope.fields.every((field) => allowed.includes(field)))
    return refuse(
      'field-not-allowed',
      'The law or the category does not allow one of the fields.',
      'Strike it out.',
    )
  if (scope.parts.some(({ identifier }) => filing.identifiers[identifier]?.type !== 'msisdn'))
    return refuse(
      'not-a-number',
      'Only telephone numbers can be answered.',
      'Strike out areas, names and devices.',
    )
  if (scope.parts.some(({ from, until }) => until - from > limits.periodDays * DAY))
    return refuse(
      'period-too-long',
      `A window is longer than ${limits.periodDays} days.`,
      'Narrow the period.',
    )
  const urgent = filing.urgency === 'emergency'
  if (urgent && scope.parts.some(({ from, until }) => until - from > limits.emergencyPeriodHours * 3600))
    return refuse(
      'emergency-too-long',
      `In an emergency a window has at most ${limits.emergencyPeriodHours} hours.`,
      'Narrow it; the rest can follow as an ordinary request.',
    )
  return null
}

/** How a header says until when, at the latest, the customer is not told: whole UTC days since 1970. */
export function opensByCount(until: number): number {
  return Math.floor(until / 86_400_000)
}
