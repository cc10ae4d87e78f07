import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as cedar from '@cedar-policy/cedar-wasm/nodejs'
import { CodedError } from '../platform/coded-error.ts'

export type PolicyFault = 'policy-unreadable' | 'policy-invalid' | 'policy-incomplete'

/** One Cedar policy and where it stands. */
export interface PolicyText {
  /** Its `@id`. */
  readonly id: string
  readonly file: string
  /** Line of its first character, from 1. */
  readonly line: number
  readonly text: string
  readonly effect: 'permit' | 'forbid'
  /** What a person refused by it is told; null for a `permit`. */
  readonly refusal: { readonly code: string; readonly says: string; readonly next: string } | null
}

/** All policies in file order (files by name), checked against the schema. */
export interface PolicySource {
  readonly schema: string
  readonly policies: readonly PolicyText[]
}

/** A Cedar file as it was read. */
export interface SourceFile {
  readonly name: string
  readonly text: string
}

const SCHEMA = 'countersign.cedarschema'

/** The repository's own policies. */
export const POLICIES = new URL('../../policies/', import.meta.url).pathname

/** Reads `countersign.cedarschema` and every `*.cedar` of a directory. @throws CodedError as `parsePolicySource`. */
export function readPolicySource(directory: string): PolicySource {
  const read = (name: string): SourceFile => ({ name, text: readFileSync(join(directory, name), 'utf8') })
  const names = readdirSync(directory).filter((name) => name.endsWith('.cedar'))
  return parsePolicySource(read(SCHEMA), names.sort().map(read))
}

/**
 * Checks policies against their schema.
 * @throws CodedError `policy-unreadable` (does not parse), `policy-invalid` (Cedar's strict validation, its
 *   warnings included), `policy-incomplete` (no `@id`, or one twice; a `forbid` that does not say what to tell
 *   the person). The message begins with file and line.
 */
export function parsePolicySource(schema: SourceFile, files: readonly SourceFile[]): PolicySource {
  const parsed = cedar.checkParseSchema(schema.text)
  if (parsed.type === 'failure') throw fault('policy-unreadable', schema, parsed.errors[0])
  const policies = files.flatMap((file) => partsOf(file))
  const seen = new Set<string>()
  for (const policy of policies) {
    if (seen.has(policy.id)) throw incomplete(policy, `the id ${policy.id} is used twice`)
    seen.add(policy.id)
  }
  // Cedar reads the schema for each question: one about all, and one about each file only to say where it fails.
  if (!isValid(schema.text, files)) for (const file of files) requireValid(schema.text, file)
  return { schema: schema.text, policies }
}

function partsOf(file: SourceFile): PolicyText[] {
  const parse = cedar.policySetTextToParts(file.text)
  if (parse.type === 'failure') throw fault('policy-unreadable', file, parse.errors[0])
  let from = 0
  return parse.policies.map((text) => {
    const start = file.text.indexOf(text, from)
    from = start + text.length
    return describe(file, text, lineAt(file.text, start))
  })
}

function describe(file: SourceFile, text: string, line: number): PolicyText {
  const parsed = cedar.policyToJson(text)
  if (parsed.type === 'failure') throw fault('policy-unreadable', file, parsed.errors[0])
  const { effect, annotations } = parsed.json
  const { id, refusal: code, says, next } = annotations ?? {}
  const at = { id: id ?? '', file: file.name, line, text, effect, refusal: null }
  if (!id) throw incomplete(at, 'a policy needs an @id')
  if (effect === 'permit') return at
  if (!code || !says || !next) throw incomplete(at, 'a forbid needs @refusal, @says and @next')
  return { ...at, refusal: { code, says, next } }
}

function isValid(schema: string, files: readonly SourceFile[]): boolean {
  const staticPolicies = files.map(({ text }) => text).join('\n')
  const answer = cedar.validate({ schema, policies: { staticPolicies } })
  return (
    answer.type === 'success' &&
    answer.validationErrors.length === 0 &&
    answer.validationWarnings.length === 0
  )
}

function requireValid(schema: string, file: SourceFile): void {
  const answer = cedar.validate({ schema, policies: { staticPolicies: file.text } })
  if (answer.type === 'failure') throw fault('policy-unreadable', file, answer.errors[0])
  const found = firstInFile(answer.validationErrors) ?? firstInFile(answer.validationWarnings)
  if (found) throw fault('policy-invalid', file, found.error)
}

/** Cedar gives them in no order. */
function firstInFile(found: readonly cedar.ValidationError[]): cedar.ValidationError | undefined {
  const place = ({ error }: cedar.ValidationError): number => error.sourceLocations?.[0]?.start ?? 0
  return found.toSorted((a, b) => place(a) - place(b))[0]
}

function fault(code: PolicyFault, file: SourceFile, error: cedar.DetailedError | undefined): Error {
  const start = error?.sourceLocations?.[0]?.start
  const place = start === undefined ? file.name : `${file.name}:${lineAtByte(file.text, start)}`
  const help = error?.help ? ` (${error.help})` : ''
  return new CodedError<PolicyFault>(code, `${place}: ${error?.message ?? 'not understood'}${help}`)
}

function incomplete(policy: { file: string; line: number }, what: string): Error {
  return new CodedError<PolicyFault>('policy-incomplete', `${policy.file}:${policy.line}: ${what}`)
}

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length
}

/** Cedar counts bytes of UTF-8. */
function lineAtByte(text: string, byte: number): number {
  return Buffer.from(text).subarray(0, byte).toString('utf8').split('\n').length
}
