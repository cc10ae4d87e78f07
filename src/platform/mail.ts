import { createTransport } from 'nodemailer'
import { CodedError, invariant } from './coded-error.ts'
import type { MailConfig } from './config.ts'

export interface Mail {
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly attachments?: readonly { filename: string; contentType: string; content: Buffer }[]
}

/** Sends mail to customers' addresses of record. */
export interface Mailer {
  /** Resolves when the server has taken it. @throws CodedError `mail-failed`, naming neither address nor text */
  send(mail: Mail): Promise<void>
  /** Resolves when the server lets us in; sends nothing. @throws CodedError `mail-failed` */
  check(): Promise<void>
  close(): void
}

const TIMEOUT_MS = 15_000

/**
 * Mail over SMTP; null when none is configured. Over `smtp://` the server must offer STARTTLS unless it is on
 * this machine: a statement never crosses a network in the clear.
 */
export function createMailer(config: MailConfig | null): Mailer | null {
  if (config === null) return null
  const url = new URL(config.url)
  const local = url.hostname === 'localhost' || url.hostname === '127.0.0.1'
  const secure = url.protocol === 'smtps:'
  const transport = createTransport({
    host: url.hostname,
    port: url.port === '' ? (secure ? 465 : 587) : Number(url.port),
    secure,
    requireTLS: !secure && !local,
    ignoreTLS: !secure && local,
    ...(url.username === ''
      ? {}
      : { auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) } }),
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return {
    send: async ({ to, subject, text, attachments = [] }) => {
      invariant(!/[\r\n,;<>]/.test(to), 'mail goes to one plain address')
      const message = { from: config.from, to: { name: '', address: to }, subject, text }
      try {
        await transport.sendMail({
          ...message,
          attachments: attachments.map((attachment) => ({ ...attachment })),
        })
      } catch (error) {
        throw new CodedError('mail-failed', `the mail server did not take it (${codeOf(error)})`)
      }
    },
    async check() {
      try {
        await transport.verify()
      } catch (error) {
        throw new CodedError('mail-failed', `the mail server does not let us in (${codeOf(error)})`)
      }
    },
    close: () => transport.close(),
  }
}

/** nodemailer's code (EAUTH, EENVELOPE ...); its message may quote the address. */
function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'error'
}
