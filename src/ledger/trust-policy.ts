import { CodedError } from '../platform/coded-error.ts'
import { type Checkpoint, verifyCheckpoint } from './checkpoint.ts'
import { parseWitnessKey, verifyCosignatures, type WitnessSignature } from './cosignature.ts'
import { parseVerifierKey, type VerifierKey, type VerifyEd25519, verifyEd25519 } from './note.ts'

/** C2SP tlog-policy: which logs and witnesses a reader trusts, and how many must have signed. Runs in browsers. */

/**
 * - `policy-malformed`: not a policy; the message names the line and the rule
 * - `quorum-missing`: signed by the log, but not by enough witnesses
 */
export type TrustFault = 'policy-malformed' | 'quorum-missing'

export interface TrustedLog {
  readonly key: VerifierKey
  readonly url: string | null
}

export interface TrustedWitness {
  /** What groups and quorum call it; nothing to do with its key's name. */
  readonly name: string
  readonly key: VerifierKey
  /** Where it takes checkpoints: the submission prefix of C2SP tlog-witness. */
  readonly url: string | null
}

/** Satisfied by a witness's cosignature, or by `least` of its members. */
export type Quorum =
  | { readonly witness: TrustedWitness }
  | { readonly least: number; readonly members: readonly Quorum[] }

export interface TrustPolicy {
  /** The file as it was read. */
  readonly text: string
  readonly logs: readonly TrustedLog[]
  readonly witnesses: readonly TrustedWitness[]
  readonly quorum: Quorum
}

/** A checkpoint under a policy. */
export interface WitnessedCheckpoint {
  readonly checkpoint: Checkpoint
  readonly log: TrustedLog
  readonly cosignatures: readonly WitnessSignature[]
  /** Whether the quorum is met. */
  readonly witnessed: boolean
}

const MAX_CHARS = 64 * 1024
const MAX_LINES = 1_000
/** `quorum none`. */
const NO_QUORUM: Quorum = { least: 0, members: [] }

/**
 * Reads a policy, strictly: a file that another tool reads otherwise is refused. So no CRLF, and no `#` but at the
 * beginning of a comment line (some tools cut a line there, the page does not say so).
 * @throws CodedError `policy-malformed`
 */
export function parsePolicy(text: string): TrustPolicy {
  if (text.length > MAX_CHARS) throw malformed('it is longer than 64 KiB')
  const lines = text.split('\n')
  if (lines.pop() !== '') throw malformed('its last line has no newline')
  if (lines.length > MAX_LINES) throw malformed(`it has more than ${MAX_LINES} lines`)
  const draft = new PolicyDraft()
  lines.forEach((line, i) => {
    try {
      readLine(draft, line)
    } catch (cause) {
      const why = cause instanceof CodedError ? cause.message : 'cannot be read'
      throw new CodedError<TrustFault>('policy-malformed', `line ${i + 1} of the policy: ${why}`, { cause })
    }
  })
  return draft.finish(text)
}

function readLine(draft: PolicyDraft, line: string): void {
  if (hasControls(line) || !line.isWellFormed())
    throw malformed('only tabs, spaces and printable characters may stand in it (no CRLF)')
  const items = line.split(/[ \t]+/).filter((item) => item !== '')
  if (items.length === 0 || items[0]!.startsWith('#')) return
  if (line.includes('#')) throw malformed('a # may only begin a line: tools disagree on what follows it')
  const [word, ...rest] = items as [string, ...string[]]
  if (word === 'log') draft.addLog(rest)
  else if (word === 'witness') draft.addWitness(rest)
  else if (word === 'group') draft.addGroup(rest)
  else if (word === 'quorum') draft.setQuorum(rest)
  else throw malformed('it begins with none of log, witness, group, quorum')
}

/** A policy while its lines are read: names may only be used below the line that defines them. */
class PolicyDraft {
  readonly #logs: TrustedLog[] = []
  readonly #witnesses: TrustedWitness[] = []
  readonly #named = new Map<string, Quorum>()
  readonly #grouped = new Set<string>()
  #quorum: Quorum | null = null

  addLog(items: readonly string[]): void {
    const [key, url] = requireItems(items, 1, 2, 'log KEY [URL]')
    const log = { key: parseVerifierKey(key!), url: urlOf(url) }
    if (this.#logs.some((other) => samePublicKey(other.key, log.key)))
      throw malformed('this key is listed twice')
    this.#logs.push(log)
  }

  addWitness(items: readonly string[]): void {
    const [name, key, url] = requireItems(items, 2, 3, 'witness NAME KEY [URL]')
    const witness = { name: name!, key: parseWitnessKey(key!), url: urlOf(url) }
    if (this.#witnesses.some((other) => samePublicKey(other.key, witness.key)))
      throw malformed('this key is listed twice')
    this.#define(name!, { witness })
    this.#witnesses.push(witness)
  }

  addGroup(items: readonly string[]): void {
    const [name, count, ...names] = requireItems(items, 3, MAX_LINES, 'group NAME all|any|COUNT NAME...')
    const members = names.map((member) => this.#take(member))
    const least = count === 'any' ? 1 : count === 'all' ? members.length : countOf(count!)
    if (least < 1 || least > members.length) throw malformed('the count is not 1 to the number of members')
    this.#define(name!, { least, members })
  }

  setQuorum(items: readonly string[]): void {
    const [name] = requireItems(items, 1, 1, 'quorum NAME')
    if (this.#quorum !== null) throw malformed('there is a second quorum line')
    this.#quorum = name === 'none' ? NO_QUORUM : this.#find(name!)
  }

  finish(text: string): TrustPolicy {
    if (this.#quorum === null) throw malformed('it has no quorum line')
    return { text, logs: this.#logs, witnesses: this.#witnesses, quorum: this.#quorum }
  }

  #define(name: string, quorum: Quorum): void {
    if (name === 'none' || this.#named.has(name)) throw malformed('this name is taken')
    this.#named.set(name, quorum)
  }

  #find(name: string): Quorum {
    const found = this.#named.get(name)
    if (found === undefined) throw malformed('it names what no line above it defines')
    return found
  }

  /** A name may be a member once in the whole file, so that no witness counts twice. */
  #take(name: string): Quorum {
    const found = this.#find(name)
    if (this.#grouped.has(name)) throw malformed('a name is a member of a group already')
    this.#grouped.add(name)
    return found
  }
}

/** A witness as an operator names it for a new policy. */
export interface ChosenWitness {
  readonly name: string
  /** Its key as it is written down. */
  readonly key: string
  readonly url: string
}

/**
 * A policy of one log, that every tool reads alike. Unless `least` says otherwise, more than half of the witnesses
 * must have signed: any two majorities share a witness, so two histories cannot both be countersigned unless one
 * witness signed both. @throws CodedError `policy-malformed`
 */
export function encodePolicy(
  log: { key: string; url: string },
  witnesses: readonly ChosenWitness[],
  least = Math.floor(witnesses.length / 2) + 1,
): string {
  const lines = [`log ${log.key} ${log.url}`]
  for (const { name, key, url } of witnesses) {
    if (/^(all|any|none|witnesses|[0-9]+)$/.test(name))
      throw malformed(`"${name}" is a keyword to some tools`)
    lines.push(`witness ${name} ${key} ${url}`)
  }
  if (witnesses.length === 0) lines.push('quorum none')
  else
    lines.push(`group witnesses ${least} ${witnesses.map(({ name }) => name).join(' ')}`, 'quorum witnesses')
  const text = `${lines.join('\n')}\n`
  parsePolicy(text)
  return text
}

/** The text of `policy` with one more log, first of all and at the first one's address; as it is where it lists it. */
export function listLog(policy: TrustPolicy, verifierKey: string): string {
  const { name, id } = parseVerifierKey(verifierKey)
  if (policy.logs.some(({ key }) => key.name === name && key.id === id)) return policy.text
  const url = policy.logs[0]?.url
  const text = `log ${verifierKey}${url == null ? '' : ` ${url}`}\n${policy.text}`
  parsePolicy(text)
  return text
}

/** Whether cosignatures of these keys satisfy a quorum. */
export function isWitnessed(quorum: Quorum, keys: readonly VerifierKey[]): boolean {
  if ('witness' in quorum) return keys.some((key) => samePublicKey(key, quorum.witness.key))
  return quorum.members.filter((member) => isWitnessed(member, keys)).length >= quorum.least
}

/**
 * A checkpoint that one of the policy's logs signed, with the cosignatures of its witnesses.
 * @throws CodedError as `verifyCheckpoint` and `verifyCosignatures`
 */
export function readWitnessed(
  policy: TrustPolicy,
  note: string,
  verify: VerifyEd25519 = verifyEd25519,
): WitnessedCheckpoint {
  const origin = note.slice(0, note.indexOf('\n'))
  const log = policy.logs.find(({ key }) => key.name === origin) ?? policy.logs[0]
  if (log === undefined) throw malformed('it lists no log')
  const checkpoint = verifyCheckpoint(note, log.key, verify)
  const keys = policy.witnesses.map(({ key }) => key)
  const cosignatures = verifyCosignatures(note, keys, verify)
  const witnessed = isWitnessed(
    policy.quorum,
    cosignatures.map(({ key }) => key),
  )
  return { checkpoint, log, cosignatures, witnessed }
}

/** As `readWitnessed`. @throws CodedError `quorum-missing` too. */
export function verifyWitnessed(
  policy: TrustPolicy,
  note: string,
  verify: VerifyEd25519 = verifyEd25519,
): WitnessedCheckpoint {
  const read = readWitnessed(policy, note, verify)
  if (read.witnessed) return read
  throw new CodedError<TrustFault>(
    'quorum-missing',
    `the log signed this checkpoint, but ${read.cosignatures.length} of ${policy.witnesses.length} witnesses did, and that is not the quorum`,
  )
}

/** Two keys that wrap the same public key are one signer, whatever they are called. */
function samePublicKey(a: VerifierKey, b: VerifierKey): boolean {
  return a.publicKey.every((byte, i) => byte === b.publicKey[i])
}

function requireItems(
  items: readonly string[],
  least: number,
  most: number,
  form: string,
): readonly string[] {
  if (items.length < least || items.length > most) throw malformed(`it should read: ${form}`)
  return items
}

function urlOf(text: string | undefined): string | null {
  if (text === undefined) return null
  if (!/^https?:\/\/[^\s]+$/.test(text) || !URL.canParse(text))
    throw malformed('the address is no http(s) URL')
  return text
}

function countOf(text: string): number {
  if (!/^[1-9][0-9]{0,3}$/.test(text)) throw malformed('the count is not all, any or a decimal number')
  return Number(text)
}

function hasControls(line: string): boolean {
  for (let i = 0; i < line.length; i += 1) {
    const code = line.charCodeAt(i)
    if ((code < 0x20 && code !== 0x09) || code === 0x7f) return true
  }
  return false
}

function malformed(what: string): CodedError<TrustFault> {
  return new CodedError('policy-malformed', what)
}
