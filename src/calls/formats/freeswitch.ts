import { localSeconds, recordOfExchange, wholeSeconds } from './exchange-call.ts'
import { createJsonFormat } from './json-records.ts'
import type { FormatOptions, Reading, RecordFormat } from './record-format.ts'
import { createRowFormat } from './row-format.ts'
import { childrenOf, childText, createXmlFormat } from './xml-records.ts'

/** What a call record of FreeSWITCH says, by the names of its channel variables. */
type Variables = (name: string) => string | undefined

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** Columns of `mod_cdr_csv`'s templates `example` (and `snom`, `linksys`, which add to it) and `asterisk`. */
const EXAMPLE = { caller: 1, called: 2, start: 4, talked: 8, cause: 9, uuid: 10 }
const ASTERISK = { caller: 1, called: 2, start: 9, talked: 13, cause: 14, uuid: 16 }

/**
 * FreeSWITCH's `mod_cdr_csv`. Times are local and name no zone: the operator's own is meant. Another template
 * needs a column map.
 */
export function createFreeswitchCsvFormat(options: FormatOptions): RecordFormat {
  return createRowFormat('freeswitch-csv', (fields) => {
    const at = templateOf(fields)
    if (at === null) return 'the row has the columns of no template that is known'
    const local = localSeconds(fields[at.start]!)
    const talked = wholeSeconds(fields[at.talked]!)
    return recordOfExchange(
      {
        caller: fields[at.caller]!,
        called: fields[at.called]!,
        hidden: false,
        answered: (talked ?? 0) > 0,
        start: local === null ? null : local - options.offsetMinutes * 60,
        seconds: talked,
        reference: `freeswitch/${fields[at.uuid]}`,
      },
      options,
    )
  })
}

/** Tells whether a row is one of `mod_cdr_csv`'s. */
export function isFreeswitchRow(fields: readonly string[]): boolean {
  return templateOf(fields) !== null
}

function templateOf(fields: readonly string[]): typeof EXAMPLE | null {
  return (
    [EXAMPLE, ASTERISK].find(
      ({ start, talked, cause, uuid }) =>
        localSeconds(fields[start] ?? '') !== null &&
        /^\d+$/.test(fields[talked] ?? '') &&
        /^[A-Z][A-Z0-9_]*$/.test(fields[cause] ?? '') &&
        UUID.test(fields[uuid] ?? ''),
    ) ?? null
  )
}

/** FreeSWITCH's `mod_json_cdr`: an object a call, one a file, a line, or in an array. */
export function createFreeswitchJsonFormat(options: FormatOptions): RecordFormat {
  return createJsonFormat('freeswitch-json', (value) => jsonCall(value, options))
}

/** FreeSWITCH's `mod_xml_cdr`: a `cdr` element a call; values may be URL-encoded. */
export function createFreeswitchXmlFormat(options: FormatOptions): RecordFormat {
  return createXmlFormat('freeswitch-xml', 'cdr', (cdr) => {
    const variables = childrenOf(cdr, 'variables')
    const profile = childrenOf(childText(cdr, 'callflow') ?? '', 'caller_profile')
    if (variables.size === 0) return 'the record has no variables'
    return callOf(
      (name) => decoded(variables.get(name)),
      (name) => decoded(profile.get(name)),
      options,
    )
  })
}

function jsonCall(value: unknown, options: FormatOptions): Reading {
  const record = objectOf(value)
  const variables = objectOf(record?.variables)
  if (variables === null) return 'the record has no variables'
  const flow = record?.callflow
  const first = objectOf(Array.isArray(flow) ? flow[0] : flow)
  const profile = objectOf(first?.caller_profile)
  const text = (of: Record<string, unknown> | null) => (name: string) => {
    const found = of !== null && Object.hasOwn(of, name) ? of[name] : undefined
    return typeof found === 'string' || typeof found === 'number' ? decoded(String(found)) : undefined
  }
  return callOf(text(variables), text(profile), options)
}

function objectOf(value: unknown): Record<string, unknown> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null
}

/** Both modules write values URL-encoded unless told otherwise; what does not decode stands as it is. */
function decoded(text: string | undefined): string | undefined {
  if (text === undefined || !text.includes('%')) return text
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** The second leg of a bridged call says who originated it, and the first leg's record has the whole call. */
function callOf(variable: Variables, profile: Variables, options: FormatOptions): Reading {
  if (variable('originating_leg_uuid') !== undefined || variable('originator') !== undefined) return null
  const talked = milliseconds(variable) ?? wholeSeconds(variable('billsec') ?? '')
  const uuid = variable('uuid') ?? variable('call_uuid')
  return recordOfExchange(
    {
      caller: profile('caller_id_number') ?? variable('caller_id_number') ?? variable('sip_from_user') ?? '',
      called:
        profile('destination_number') ?? variable('destination_number') ?? variable('sip_to_user') ?? '',
      hidden: [variable('privacy_hide_number'), profile('privacy_hide_number')].some(
        (hidden) => hidden === 'true' || hidden === 'yes',
      ),
      answered:
        (microseconds(variable('answer_uepoch')) ?? wholeSeconds(variable('answer_epoch') ?? '') ?? 0) > 0,
      start: microseconds(variable('start_uepoch')) ?? wholeSeconds(variable('start_epoch') ?? ''),
      seconds: talked,
      reference: uuid === undefined ? null : `freeswitch/${uuid}`,
    },
    options,
  )
}

function milliseconds(variable: Variables): number | null {
  const text = variable('billmsec')
  return text !== undefined && /^\d{1,13}$/.test(text) ? Math.round(Number(text) / 1000) : null
}

function microseconds(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,16}$/.test(text) ? Math.floor(Number(text) / 1_000_000) : null
}
