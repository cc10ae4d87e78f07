/** What a log line may say beside its message: ids, counts, codes. */
export type LogFields = Readonly<Record<string, unknown>>

/** Lines for the people who run the server. Never a customer's number, name, code or text. */
export interface Log {
  debug(fields: LogFields, message: string): void
  info(fields: LogFields, message: string): void
  warn(fields: LogFields, message: string): void
  error(fields: LogFields, message: string): void
}
