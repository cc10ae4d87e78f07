/**
 * Broken evidence, hostile input, or a world that failed. `code` is from a closed union of the module that
 * throws; `fatal` means: stop, and recover at the next start.
 */
export class CodedError<Code extends string> extends Error {
  readonly code: Code
  readonly fatal: boolean

  constructor(code: Code, message: string, options: { cause?: unknown; fatal?: boolean } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'CodedError'
    this.code = code
    this.fatal = options.fatal ?? false
  }
}

/** States what must be so; nobody catches what this throws. */
export function invariant(holds: unknown, what: string): asserts holds {
  if (!holds) throw new Error(`invariant broken: ${what}`)
}
