import type { Clock } from './clock.ts'
import { traceFields } from './tracing.ts'

/** What a log line may say beside its message: ids, counts, codes. */
export type LogFields = Readonly<Record<string, unknown>>

/** Lines for the people who run the server. Never a customer's number, name, code or text. */
export interface Log {
  debug(fields: LogFields, message: string): void
  info(fields: LogFields, message: string): void
  warn(fields: LogFields, message: string): void
  error(fields: LogFields, message: string): void
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent'

const LEVELS: readonly LogLevel[] = ['debug', 'info', 'warn', 'error', 'silent']

/**
 * Writes one JSON object a line, for `level` and above. Callers give ids and counts only; as a second fence, every
 * run of six digits or more in a string (Latin or Burmese, however spaced) comes out as `#`, and fields named as
 * secrets, persons or texts are dropped.
 * @param options.write takes the line with its newline; default standard error
 */
export function createLog(options: { level?: LogLevel; clock: Clock; write?: (line: string) => void }): Log {
  const from = LEVELS.indexOf(options.level ?? 'info')
  const write = options.write ?? ((line) => process.stderr.write(line))
  const writerOf = (level: LogLevel) => {
    if (LEVELS.indexOf(level) < from) return () => {}
    return (fields: LogFields, message: string) => {
      const at = new Date(options.clock.now()).toISOString()
      write(
        `${JSON.stringify({ ...(redact(fields, 0) as object), ...traceFields(), level, at, message: redactText(message) })}\n`,
      )
    }
  }
  return {
    debug: writerOf('debug'),
    info: writerOf('info'),
    warn: writerOf('warn'),
    error: writerOf('error'),
  }
}

const LONG_DIGITS = /(?<![\p{L}\p{Nd}_])\+?\p{Nd}(?:[ .-]?\p{Nd}){5,}(?![\p{L}\p{Nd}])/gu
const PRIVATE_FIELD =
  /^(number|name|code|digits|pin|secret|password|passphrase|token|cookie|text|body|to|from|caller|called|msisdn)$/i
const DEEPEST = 5

function redactText(text: string): string {
  return text.replace(LONG_DIGITS, '#')
}

function redact(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return redactText(value)
  if (typeof value !== 'object' || value === null) return typeof value === 'bigint' ? Number(value) : value
  if (depth >= DEEPEST) return '…'
  if (Array.isArray(value)) return value.slice(0, 50).map((item) => redact(item, depth + 1))
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      PRIVATE_FIELD.test(key) && !isErrorCode(key, inner) ? '#' : redact(inner, depth + 1),
    ]),
  )
}

/** A stable error code is a word or an SQLSTATE, never six digits that somebody could key in. */
function isErrorCode(key: string, value: unknown): boolean {
  return key === 'code' && typeof value === 'string' && /^[A-Z0-9]{5}$|^[A-Za-z_-]+$/.test(value)
}
