import { Option } from 'commander'
import { FORMAT_NAMES, type FormatName } from '../calls/formats/record-format.ts'
import type { NumberPlan } from '../calls/numbers.ts'
import type { SourceChoice } from '../file-records.ts'

/** The options that say how files of records are to be read. */
export interface SourceCommandOptions {
  readonly map?: string
  readonly format?: FormatName
  readonly numbers?: string
  readonly servingNodes?: 'file' | 'pass-over'
}

/** `--map`, `--format`, `--numbers`, `--serving-nodes`. */
export function sourceCommandOptions(): Option[] {
  return [
    new Option('--map <file>', 'the column map of delimited files (docs/ingest.md)'),
    new Option('--format <name>', 'the format of the files; found by content unless given').choices([
      ...FORMAT_NAMES,
    ]),
    new Option(
      '--numbers <file>',
      'numbers of people whom a source calls by IMSI, extension or user: identifier,number',
    ),
    new Option(
      '--serving-nodes <what>',
      'records of SGSN and SGW: file them, or pass them over because the gateway counts the same bytes',
    ).choices(['file', 'pass-over']),
  ]
}

/** Tells a mistake in a map before anything is opened. @throws CodedError `map-...`. */
export async function checkMap(options: SourceCommandOptions): Promise<void> {
  const { readColumnMap } = await import('../calls/formats/column-map.ts')
  if (options.map !== undefined) readColumnMap(options.map)
}

/** What the options come to. @throws CodedError `map-...`, `numbers-...`. */
export async function readChoice(options: SourceCommandOptions, plan: NumberPlan): Promise<SourceChoice> {
  const { readColumnMap } = await import('../calls/formats/column-map.ts')
  const { readNumberList } = await import('../calls/formats/number-list.ts')
  return {
    map: options.map === undefined ? null : readColumnMap(options.map),
    format: options.format ?? null,
    ...(options.numbers === undefined ? {} : { numbers: readNumberList(options.numbers, plan) }),
    ...(options.servingNodes === undefined ? {} : { servingNodes: options.servingNodes }),
  }
}
