import { resolve } from 'node:path'
import { CodedError } from './coded-error.ts'
import type { LogLevel } from './log.ts'

/** What the people who run the server may set. */
export interface Config {
  readonly dataDirectory: string
  /** Month keys, tweaks and signing keys; `DIR.keys` beside the data unless set. */
  readonly keyDirectory: string
  /** The HSM that keeps the root of the keys; null: a passphrase does. */
  readonly hsm: HsmConfig | null
  readonly demo: boolean
  readonly host: string
  readonly port: number
  /** Origin where browsers find us, without a path. */
  readonly publicUrl: string
  readonly secureCookies: boolean
  /** A PostgreSQL server; null: the embedded one. */
  readonly databaseUrl: string | null
  readonly operatorName: string
  /** Country code of `jurisdictions/*.json`. */
  readonly jurisdiction: string
  readonly trustedProxies: readonly string[]
  readonly logLevel: LogLevel
  /** null: none is configured; the demo starts a simulated one. */
  readonly smsc: SmscConfig | null
  readonly telephony: TelephonyConfig | null
  readonly mail: MailConfig | null
  /** Who is mailed when something is in the database that we did not put there. */
  readonly alarmTo: readonly string[]
  /** Where files of call records are dropped; null: no directory is watched. */
  readonly intake: IntakeConfig | null
  /** What senders of streams of call records show; null: no streams are taken. 32 bytes or more. */
  readonly intakeSecret: Buffer | null
  /** What the regulator's own system shows at its interface, 32 bytes or more; null: the interface is shut. */
  readonly regulatorSecret: Buffer | null
  /** Where files of subscribers, employees and charges are dropped, in a folder a kind; null: none is watched. */
  readonly importDirectory: string | null
  /** What senders of such lines show; null: none are taken. 32 bytes or more. */
  readonly importSecret: Buffer | null
  /** The operator's own directory, in which staff sign in; null: they sign in with passkeys. */
  readonly directory: DirectoryConfig | null
  /** What the directory shows when it provisions people (SCIM); null: it cannot. 32 bytes or more. */
  readonly scimSecret: Buffer | null
  /** How the public report shows small counts. */
  readonly smallCounts: 'exact' | 'ranges'
  /** How often an epoch of the map of subjects may be made. */
  readonly epochSeconds: number
}

export interface HsmConfig {
  /** Path of the PKCS#11 module, as its maker gives it. */
  readonly module: string
  /** The token's label. */
  readonly token: string
  /** A file that holds the user's PIN and that nobody else reads. */
  readonly pinFile: string
}

export interface DirectoryConfig {
  /** The OpenID Connect issuer. */
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  /** Desk names of the two who may sign in with a passkey all the same, for the day the directory is down. */
  readonly passkeyDesks: readonly string[]
}

export interface SmscConfig {
  readonly host: string
  readonly port: number
  readonly systemId: string
  readonly password: string
  /** The sender that customers see: a short code or up to 11 letters. */
  readonly from: string
}

export interface TelephonyConfig {
  /** Where the telephony system takes our commands. */
  readonly url: string
  /** Shared secret of both directions, 32 bytes or more. */
  readonly secret: Buffer
}

export interface IntakeConfig {
  readonly directory: string
  /** The column map of delimited files, and the list of numbers by IMSI, extension or user. */
  readonly map: string | null
  readonly numbers: string | null
  readonly servingNodes: 'file' | 'pass-over'
}

export interface MailConfig {
  /** `smtp://` or `smtps://`, with user and password where needed. */
  readonly url: string
  readonly from: string
}

/** What the command line said; each wins over its variable. */
export interface ConfigFlags {
  readonly data?: string
  readonly port?: string | number
  readonly demo?: boolean
  readonly intake?: string
  readonly intakeMap?: string
  readonly intakeNumbers?: string
}

type Env = Readonly<Record<string, string | undefined>>

/**
 * Reads flags and variables (`COUNTERSIGN_DATA`, `_KEYS`, `_PKCS11_MODULE`, `_PKCS11_TOKEN`, `_PKCS11_PIN_FILE`, `_HOST`, `_PORT`, `_PUBLIC_URL`, `_OPERATOR`,
 * `_JURISDICTION`, `_TRUSTED_PROXIES`, `_LOG`, `_SMSC`, `_SMS_FROM`, `_TELEPHONY_URL`, `_TELEPHONY_SECRET`, `_SMTP`,
 * `_MAIL_FROM`, `_ALARM_TO`, `_INTAKE`, `_INTAKE_MAP`, `_INTAKE_NUMBERS`, `_INTAKE_SERVING_NODES`, `_INTAKE_SECRET`,
 * `_REGULATOR_SECRET`, `_IMPORT`, `_IMPORT_SECRET`, `_OIDC_ISSUER`, `_OIDC_CLIENT`, `_OIDC_SECRET`, `_PASSKEY_DESKS`,
 * `_SCIM_SECRET`, `_SMALL_COUNTS`, and `DATABASE_URL`), all or nothing.
 * @throws CodedError `config-invalid`, naming the setting and the rule, never the value: it may be a secret
 */
export function readConfig(env: Env, flags: ConfigFlags): Config {
  const dataDirectory = resolve(flags.data ?? env.COUNTERSIGN_DATA ?? 'data')
  const port = wholeNumber(
    'COUNTERSIGN_PORT or --port',
    flags.port ?? env.COUNTERSIGN_PORT ?? '8080',
    0,
    65_535,
  )
  const publicUrl = originOf(
    'COUNTERSIGN_PUBLIC_URL',
    env.COUNTERSIGN_PUBLIC_URL ?? `http://localhost:${port}`,
  )
  return {
    dataDirectory,
    keyDirectory: resolve(env.COUNTERSIGN_KEYS ?? `${dataDirectory}.keys`),
    hsm: hsm(env),
    demo: flags.demo ?? false,
    host: env.COUNTERSIGN_HOST ?? 'localhost',
    port,
    publicUrl,
    secureCookies: publicUrl.startsWith('https:'),
    databaseUrl: env.DATABASE_URL === undefined ? null : databaseUrl(env.DATABASE_URL),
    operatorName: matching('COUNTERSIGN_OPERATOR', env.COUNTERSIGN_OPERATOR ?? 'Ayeyar Mobile', {
      pattern: /^[\p{L}\p{M}\p{N} .&'-]{1,60}$/u,
      rule: '1 to 60 letters, digits and spaces',
    }),
    jurisdiction: matching('COUNTERSIGN_JURISDICTION', env.COUNTERSIGN_JURISDICTION ?? 'mm', {
      pattern: /^[a-z]{2}$/,
      rule: 'a country code of two small letters',
    }),
    trustedProxies: (env.COUNTERSIGN_TRUSTED_PROXIES ?? '').split(',').filter((part) => part !== ''),
    logLevel: logLevel(env.COUNTERSIGN_LOG ?? 'info'),
    smsc: smsc(env),
    telephony: telephony(env),
    mail: mail(env),
    alarmTo: alarmTo(env),
    intake: intake(env, flags),
    intakeSecret: intakeSecret(env),
    regulatorSecret: regulatorSecret(env),
    importDirectory: env.COUNTERSIGN_IMPORT === undefined ? null : resolve(env.COUNTERSIGN_IMPORT),
    importSecret: secret('COUNTERSIGN_IMPORT_SECRET', env.COUNTERSIGN_IMPORT_SECRET),
    directory: directory(env),
    scimSecret: secret('COUNTERSIGN_SCIM_SECRET', env.COUNTERSIGN_SCIM_SECRET),
    smallCounts: smallCounts(env.COUNTERSIGN_SMALL_COUNTS ?? 'exact'),
    epochSeconds: epochSeconds(env.COUNTERSIGN_EPOCH_SECONDS ?? '60'),
  }
}

function hsm(env: Env): HsmConfig | null {
  const module = env.COUNTERSIGN_PKCS11_MODULE
  if (module === undefined) return null
  const token = { pattern: /^[\x20-\x7e]{1,32}$/, rule: 'the label of a token, 1 to 32 characters' }
  if (env.COUNTERSIGN_PKCS11_PIN_FILE === undefined)
    throw invalid('COUNTERSIGN_PKCS11_PIN_FILE', 'the path of the file that holds the PIN')
  return {
    module: resolve(module),
    token: matching('COUNTERSIGN_PKCS11_TOKEN', env.COUNTERSIGN_PKCS11_TOKEN ?? '', token),
    pinFile: resolve(env.COUNTERSIGN_PKCS11_PIN_FILE),
  }
}

function epochSeconds(text: string): number {
  const seconds = Number(text)
  if (/^[0-9]{1,4}$/.test(text) && seconds >= 1 && seconds <= 3600) return seconds
  throw invalid('COUNTERSIGN_EPOCH_SECONDS', '1 to 3600 seconds')
}

function smallCounts(text: string): 'exact' | 'ranges' {
  if (text === 'exact' || text === 'ranges') return text
  throw invalid('COUNTERSIGN_SMALL_COUNTS', 'exact or ranges')
}

function secret(setting: string, text: string | undefined): Buffer | null {
  if (text === undefined) return null
  const bytes = Buffer.from(text, 'base64url')
  if (bytes.length < 32) throw invalid(setting, '32 bytes or more in base64url')
  return bytes
}

function directory(env: Env): DirectoryConfig | null {
  const issuer = env.COUNTERSIGN_OIDC_ISSUER
  if (issuer === undefined) return null
  const url = urlOf('COUNTERSIGN_OIDC_ISSUER', issuer, ['https:', 'http:'])
  if (url.protocol === 'http:' && !['localhost', '127.0.0.1'].includes(url.hostname))
    throw invalid('COUNTERSIGN_OIDC_ISSUER', 'https, except on localhost')
  const given = { pattern: /^[\x21-\x7e]{1,300}$/, rule: 'what the directory gave this client' }
  const desks = (env.COUNTERSIGN_PASSKEY_DESKS ?? '').split(',').filter((desk) => desk !== '')
  if (new Set(desks).size !== 2 || desks.some((desk) => !/^[A-Z]-[0-9]{1,6}$/.test(desk)))
    throw invalid('COUNTERSIGN_PASSKEY_DESKS', 'two desk names, as Y-1,Y-2')
  return {
    issuer,
    clientId: matching('COUNTERSIGN_OIDC_CLIENT', env.COUNTERSIGN_OIDC_CLIENT ?? '', given),
    clientSecret: matching('COUNTERSIGN_OIDC_SECRET', env.COUNTERSIGN_OIDC_SECRET ?? '', given),
    passkeyDesks: desks,
  }
}

function regulatorSecret(env: Env): Buffer | null {
  if (env.COUNTERSIGN_REGULATOR_SECRET === undefined) return null
  const secret = Buffer.from(env.COUNTERSIGN_REGULATOR_SECRET, 'base64url')
  if (secret.length < 32) throw invalid('COUNTERSIGN_REGULATOR_SECRET', '32 bytes or more in base64url')
  return secret
}

function invalid(setting: string, rule: string): CodedError<'config-invalid'> {
  return new CodedError('config-invalid', `${setting} must be ${rule}`)
}

function wholeNumber(setting: string, text: string | number, least: number, most: number): number {
  const value = /^\d{1,9}$/.test(String(text)) ? Number(text) : Number.NaN
  if (!(value >= least && value <= most)) throw invalid(setting, `a whole number from ${least} to ${most}`)
  return value
}

function matching(setting: string, text: string, is: { pattern: RegExp; rule: string }): string {
  if (!is.pattern.test(text)) throw invalid(setting, is.rule)
  return text
}

function urlOf(setting: string, text: string, protocols: readonly string[]): URL {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || !protocols.includes(url.protocol)) {
    throw invalid(setting, `an address that begins with ${protocols.map((p) => `${p}//`).join(' or ')}`)
  }
  return url
}

/** Passkeys and cookies work over plain http on localhost only, so elsewhere https is asked for. */
function originOf(setting: string, text: string): string {
  const url = urlOf(setting, text, ['http:', 'https:'])
  if (url.pathname !== '/' || url.search !== '') throw invalid(setting, 'an address without a path')
  if (url.protocol === 'http:' && url.hostname !== 'localhost')
    throw invalid(setting, 'https, except on localhost')
  return url.origin
}

function databaseUrl(text: string): string {
  urlOf('DATABASE_URL', text, ['postgres:', 'postgresql:'])
  return text
}

function logLevel(text: string): LogLevel {
  if (text === 'debug' || text === 'info' || text === 'warn' || text === 'error' || text === 'silent')
    return text
  throw invalid('COUNTERSIGN_LOG', 'debug, info, warn, error or silent')
}

function smsc(env: Env): SmscConfig | null {
  if (env.COUNTERSIGN_SMSC === undefined) return null
  const url = urlOf('COUNTERSIGN_SMSC', env.COUNTERSIGN_SMSC, ['smpp:'])
  if (url.hostname === '' || url.username === '')
    throw invalid('COUNTERSIGN_SMSC', 'smpp://USER:PASSWORD@HOST:PORT')
  const from = {
    pattern: /^(\d{3,15}|[A-Za-z][A-Za-z0-9 ]{0,10})$/,
    rule: 'a short code or up to 11 letters',
  }
  return {
    host: url.hostname,
    port: url.port === '' ? 2775 : Number(url.port),
    systemId: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    from: matching('COUNTERSIGN_SMS_FROM', env.COUNTERSIGN_SMS_FROM ?? '', from),
  }
}

function telephony(env: Env): TelephonyConfig | null {
  if (env.COUNTERSIGN_TELEPHONY_URL === undefined) return null
  const url = urlOf('COUNTERSIGN_TELEPHONY_URL', env.COUNTERSIGN_TELEPHONY_URL, ['http:', 'https:']).href
  const secret = Buffer.from(env.COUNTERSIGN_TELEPHONY_SECRET ?? '', 'base64url')
  if (secret.length < 32) throw invalid('COUNTERSIGN_TELEPHONY_SECRET', '32 bytes or more in base64url')
  return { url, secret }
}

function intake(env: Env, flags: ConfigFlags): IntakeConfig | null {
  const directory = flags.intake ?? env.COUNTERSIGN_INTAKE
  if (directory === undefined) return null
  const path = (text: string | undefined): string | null => (text === undefined ? null : resolve(text))
  const servingNodes = env.COUNTERSIGN_INTAKE_SERVING_NODES ?? 'file'
  if (servingNodes !== 'file' && servingNodes !== 'pass-over')
    throw invalid('COUNTERSIGN_INTAKE_SERVING_NODES', 'file or pass-over')
  return {
    directory: resolve(directory),
    map: path(flags.intakeMap ?? env.COUNTERSIGN_INTAKE_MAP),
    numbers: path(flags.intakeNumbers ?? env.COUNTERSIGN_INTAKE_NUMBERS),
    servingNodes,
  }
}

function intakeSecret(env: Env): Buffer | null {
  if (env.COUNTERSIGN_INTAKE_SECRET === undefined) return null
  const secret = Buffer.from(env.COUNTERSIGN_INTAKE_SECRET, 'base64url')
  if (secret.length < 32) throw invalid('COUNTERSIGN_INTAKE_SECRET', '32 bytes or more in base64url')
  return secret
}

function alarmTo(env: Env): readonly string[] {
  const to = env.COUNTERSIGN_ALARM_TO
  if (to === undefined) return []
  const rule = { pattern: /^[^\s@,;<>]+@[^\s@,;<>]+$/, rule: 'mail addresses with commas between' }
  if (env.COUNTERSIGN_SMTP === undefined)
    throw invalid('COUNTERSIGN_ALARM_TO', 'used with COUNTERSIGN_SMTP, by which it is sent')
  return to.split(',').map((one) => matching('COUNTERSIGN_ALARM_TO', one.trim(), rule))
}

function mail(env: Env): MailConfig | null {
  if (env.COUNTERSIGN_SMTP === undefined) return null
  const url = urlOf('COUNTERSIGN_SMTP', env.COUNTERSIGN_SMTP, ['smtp:', 'smtps:']).href
  const from = { pattern: /^[^\s@]+@[^\s@]+$/, rule: 'a mail address' }
  return { url, from: matching('COUNTERSIGN_MAIL_FROM', env.COUNTERSIGN_MAIL_FROM ?? '', from) }
}
