/**
 * A "no" that a user can cause: a value, never an exception. HTTP sends it as RFC 9457 problem details
 * (`platform/http/problem.ts` maps every code to a status; a test asserts that none is missing).
 */
export interface Refusal {
  readonly refused: true
  /** Stable, in kebab case: `grant-ended`. */
  readonly code: string
  /** One plain sentence; never a customer's number, name or code. */
  readonly says: string
  /** What the person can do next, one sentence. */
  readonly next: string
}

/** Makes a refusal. */
export function refuse(code: string, says: string, next: string): Refusal {
  return { refused: true, code, says, next }
}

/** Tells a refusal from a result. */
export function isRefusal(value: unknown): value is Refusal {
  return typeof value === 'object' && value !== null && (value as { refused?: unknown }).refused === true
}
