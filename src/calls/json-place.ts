import type { Static, TSchema } from 'typebox'
import { Value } from 'typebox/value'

/** One mistake in a JSON file that a person wrote: where it stands and which rule it breaks. */
export interface JsonMistake {
  /** 1-based line of the value, or of the nearest value around it that exists. */
  readonly line: number
  /** RFC 6901 pointer, such as `/columns/start/format`; empty for the whole document. */
  readonly pointer: string
  readonly rule: string
}

/**
 * Reads JSON text by `schema`, or gives the first mistake with its line: people edit jurisdictions and column
 * maps by hand, and "line 12, /offsetMinutes" is what they can act on. Never throws.
 */
export function readPlacedJson<S extends TSchema>(
  text: string,
  schema: S,
): { value: Static<S> } | { mistake: JsonMistake } {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch (cause) {
    return { mistake: { line: lineOfSyntaxError(text, cause), pointer: '', rule: 'is not valid JSON here' } }
  }
  const error = Value.Errors(schema, parsed)[0]
  if (error === undefined) return { value: parsed as Static<S> }
  return { mistake: { ...placeOf(text, error.instancePath), rule: ruleOf(error) } }
}

/** The line of the value at an RFC 6901 pointer, or of the nearest parent that is there. */
export function placeOf(text: string, pointer: string): { line: number; pointer: string } {
  const lines = linesByPointer(text)
  let nearest = pointer
  while (!lines.has(nearest) && nearest !== '') nearest = nearest.slice(0, nearest.lastIndexOf('/'))
  return { line: lines.get(nearest) ?? 1, pointer }
}

/** Words of a mistake for a message: `jurisdictions/mm.json line 4, /offsetMinutes: must be integer`. */
export function describeMistake(file: string, mistake: JsonMistake): string {
  const at = mistake.pointer === '' ? '' : `, ${mistake.pointer}`
  return `${file} line ${mistake.line}${at}: ${mistake.rule}`
}

/** A property that a strict object does not name is, to the validator, a value under the schema `false`. */
function ruleOf(error: { message: string; schemaPath: string }): string {
  return error.schemaPath.endsWith('/additionalProperties') ? 'is no field that is known here' : error.message
}

function lineOfSyntaxError(text: string, cause: unknown): number {
  const position = /position (\d+)/.exec(cause instanceof Error ? cause.message : '')
  const end = position === null ? text.length : Number(position[1])
  return text.slice(0, end).split('\n').length
}

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+|\n/g

interface Level {
  readonly pointer: string
  readonly array: boolean
  index: number
  key: string | null
}

/** Walks the tokens of valid JSON once and notes the line on which each value begins. */
function linesByPointer(text: string): Map<string, number> {
  const lines = new Map<string, number>()
  const levels: Level[] = []
  let line = 1
  for (const [token] of text.matchAll(TOKEN)) {
    const level = levels.at(-1)
    if (token === '\n') line += 1
    else if (token === '}' || token === ']') levels.pop()
    else if (token === ',' && level !== undefined) {
      level.index += 1
      level.key = null
    } else if (token === ':' || token === ',') continue
    else if (level !== undefined && !level.array && level.key === null)
      level.key = JSON.parse(token) as string
    else {
      const pointer =
        level === undefined ? '' : `${level.pointer}/${level.array ? level.index : escapeKey(level.key!)}`
      lines.set(pointer, line)
      if (token === '{' || token === '[') levels.push({ pointer, array: token === '[', index: 0, key: null })
    }
  }
  return lines
}

function escapeKey(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1')
}
