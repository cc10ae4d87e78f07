import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { Value } from 'typebox/value'
import { E, INCOMING } from './etsi-names.ts'
import { FilingBody, type FilingInput } from './schemas.ts'

/** Why a message is not understood: precise enough for whoever wrote the sending program. */
export interface MessageFault {
  readonly code: 'not-xml' | 'too-large' | 'not-a-message' | 'element-missing' | 'value-wrong'
  /** The element, as a path of names; the line where the text is no XML. */
  readonly place: string
  readonly rule: string
}

export interface IncomingMessage {
  readonly name: (typeof INCOMING)[number]
  readonly countryCode: string
  readonly organisation: string
  readonly requestNumber: string
  /** Only with a request. */
  readonly filing: FilingInput | null
  /** Base64 of the signed letter, where a request carries one. */
  readonly letter: string | null
}

const MOST_CHARS = 8_000_000
const LISTS = ['identifier', 'field']

const parser = new XMLParser({
  ignoreAttributes: true,
  removeNSPrefix: true,
  parseTagValue: false,
  trimValues: true,
  isArray: (name) => LISTS.includes(name),
  // No entity but the five of XML itself: nothing expands, nothing is fetched.
  processEntities: { enabled: true, maxTotalExpansions: 10_000 },
  htmlEntities: false,
})

/** Reads a message that an authority sends. Never throws for what a sender may write. */
export function readMessage(text: string): IncomingMessage | { fault: MessageFault } {
  if (text.length > MOST_CHARS)
    return fault('too-large', '', `a message has at most ${MOST_CHARS} characters`)
  if (/<!DOCTYPE|<!ENTITY/i.test(text)) return fault('not-xml', 'line 1', 'a message has no document type')
  const valid = XMLValidator.validate(text)
  if (valid !== true) return fault('not-xml', `line ${valid.err.line}`, valid.err.msg)
  let tree: Tree
  try {
    tree = parser.parse(text) as Tree
  } catch (cause) {
    return fault('not-xml', '', cause instanceof Error ? cause.message : 'it cannot be read')
  }
  const message = tree[E.message]
  if (!isTree(message)) return fault('not-a-message', E.message, `the document is one ${E.message}`)
  const head: Record<string, string> = {}
  for (const name of [E.countryCode, E.organisation, E.requestNumber]) {
    const path = [E.header, E.requestId, name]
    const value = textAt(message, path)
    if (value === null) return fault('element-missing', [E.message, ...path].join('/'), 'must be there')
    head[name] = value
  }
  const payload = message[E.payload]
  const names = isTree(payload) ? Object.keys(payload) : []
  const name = INCOMING.find((one) => names.length === 1 && names[0] === one)
  if (!isTree(payload) || name === undefined)
    return fault('not-a-message', `${E.message}/${E.payload}`, `holds exactly one of: ${INCOMING.join(', ')}`)
  const known = {
    name,
    countryCode: head[E.countryCode]!,
    organisation: head[E.organisation]!,
    requestNumber: head[E.requestNumber]!,
  }
  if (name !== E.request) return { ...known, filing: null, letter: null }
  return readRequest(payload[E.request], known)
}

type Tree = { readonly [name: string]: unknown }
type Head = Omit<IncomingMessage, 'filing' | 'letter'>

function readRequest(request: unknown, head: Head): IncomingMessage | { fault: MessageFault } {
  const at = [E.message, E.payload, E.request, E.national].join('/')
  if (!isTree(request)) return fault('element-missing', at, 'must be there')
  const national = request[E.national]
  if (!isTree(national)) return fault('element-missing', at, 'must be there')
  const { letter, ...rest } = national
  // The header's country says under which frame it is filed, so the parameters need not.
  const draft = { frame: head.countryCode, ...filingOf(rest, request, head.requestNumber) }
  const error = Value.Errors(FilingBody, draft)[0]
  if (error !== undefined) {
    const strict = error.schemaPath.endsWith('/additionalProperties')
    const rule = strict ? 'is no element that is known here' : error.message
    return fault('value-wrong', `${at}${placeOf(error.instancePath)}`, rule)
  }
  return { ...head, filing: draft as FilingInput, letter: typeof letter === 'string' ? letter : null }
}

/** The names of the national parameters are those of a filing; lists have an element for each member. */
function filingOf(national: Tree, request: Tree, requestNumber: string): Tree {
  const { identifiers, fields, paper, ...rest } = national
  const list = isTree(identifiers) && Array.isArray(identifiers.identifier) ? identifiers.identifier : []
  const names = isTree(fields) && Array.isArray(fields.field) ? fields.field : []
  return {
    ...rest,
    requestNumber,
    urgency: rest.urgency ?? request[E.priority],
    paper: isTree(paper) ? paper : null,
    identifiers: list.map((one: unknown) =>
      isTree(one) ? { ...one, from: secondsOf(one.from), until: secondsOf(one.until) } : one,
    ),
    fields: names,
    asksContent: rest.asksContent === 'true',
    preserveOnly: rest.preserveOnly === 'true',
    threatToLife:
      typeof rest.threatToLife === 'string' && rest.threatToLife !== '' ? rest.threatToLife : null,
    secrecyUntil:
      typeof rest.secrecyUntil === 'string' && rest.secrecyUntil !== ''
        ? (secondsOf(rest.secrecyUntil) ?? Number.NaN) * 1000
        : null,
  }
}

/** ISO 8601 with its zone, as epoch seconds; what is none stays as it is and fails its rule. */
function secondsOf(value: unknown): number | undefined {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(Z|[+-]\d{2}:\d{2})$/.test(value))
    return undefined
  const at = Date.parse(value)
  return Number.isNaN(at) ? undefined : Math.floor(at / 1000)
}

/** `/identifiers/0/from` as `/identifiers/identifier[1]/from`. */
function placeOf(pointer: string): string {
  return pointer
    .replace(/\/identifiers\/(\d+)/, (_, n: string) => `/identifiers/identifier[${Number(n) + 1}]`)
    .replace(/\/fields\/(\d+)/, (_, n: string) => `/fields/field[${Number(n) + 1}]`)
}

function textAt(tree: Tree, path: readonly string[]): string | null {
  let node: unknown = tree
  for (const name of path) node = isTree(node) ? node[name] : undefined
  return typeof node === 'string' && node !== '' ? node : null
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function fault(code: MessageFault['code'], place: string, rule: string): { fault: MessageFault } {
  return { fault: { code, place, rule } }
}
