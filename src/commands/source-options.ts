import { Option } from 'commander'
import { readColumnMap } from '../calls/formats/column-map.ts'
import { readNumberList } from '../calls/formats/number-list.ts'
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

/** What the options come to. @throws CodedError `map-...`, `numbers-...`. */
export function readChoice(options: SourceCommandOptions, plan: NumberPlan): SourceChoice {
  return {
    map: options.map === undefined ? null : readColumnMap(options.map),
    format: options.format ?? null,
    ...(options.numbers === undefined ? {} : { numbers: readNumberList(options.numbers, plan) }),
    ...(options.servingNodes === undefined ? {} : { servingNodes: options.servingNodes }),
  }
}
