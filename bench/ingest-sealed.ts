import { statSync } from 'node:fs'
import { join } from 'node:path'
import type pg from 'pg'
import { parseColumnMap } from '../src/calls/formats/column-map.ts'
import { fillSource, readSource, type SourceOptions } from '../src/calls/formats/source.ts'
import { readJurisdiction } from '../src/calls/jurisdiction.ts'
import { createNumberPlan } from '../src/calls/numbers.ts'
import { type KeptThreads, keepThreads } from '../src/kept-threads.ts'
import { initKeys, openKeys } from '../src/keys/key-directory.ts'
import type { KeyService } from '../src/keys/key-service.ts'
import { systemClock } from '../src/platform/clock.ts'
import { type IngestOptions, type IngestSummary, ingestFiles } from '../src/vault/ingest.ts'
import { REFERENCE_KEY } from '../src/vault/reference-mark.ts'
import { needsThreads } from '../src/vault/threads/threads.ts'
import { DAILY_FILES_MAP, REFERENCED_FILES_MAP } from './daily-files.ts'

const PASSPHRASE = 'a passphrase for the bench'
const JURISDICTION = readJurisdiction(join(import.meta.dirname, '../jurisdictions/mm.json'))

/** The zone by which the benches' months are counted. */
export const OFFSET_MINUTES = JURISDICTION.offsetMinutes

/** Makes a key directory of its own in `dir` and opens it. */
export async function openBenchKeys(dir: string): Promise<KeyService> {
  const keysDir = join(dir, 'data.keys')
  await initKeys(keysDir, PASSPHRASE, { scryptLogN: 12 })
  return openKeys(keysDir, PASSPHRASE)
}

/** How files of `daily-files.ts` are read, with `references` or without. */
export function benchSource(references = false): SourceOptions {
  const plan = createNumberPlan(JURISDICTION, {
    ownPrefixes: ['979'],
    premiumPrefixes: [],
    servicePrefixes: [],
  })
  return {
    plan,
    now: systemClock.now(),
    offsetMinutes: OFFSET_MINUTES,
    currency: 'MMK',
    numbers: new Map(),
    servingNodes: 'file',
    format: null,
    map: parseColumnMap(JSON.stringify(references ? REFERENCED_FILES_MAP : DAILY_FILES_MAP)),
  }
}

/**
 * Our whole way, as a server goes it: threads where there is enough for them, files read, parsed, gathered, sealed, filed
 * under both parties, committed. `kept` are threads for the next files, too; `references` says that the files have them.
 */
export async function ingestSealed(
  {
    pool,
    keys,
    kept,
    references,
  }: { pool: pg.Pool; keys: KeyService; kept?: KeptThreads; references?: boolean },
  paths: readonly string[],
  onUnreadable?: IngestOptions['onUnreadable'],
): Promise<IngestSummary> {
  const source = benchSource(references)
  const bytes = paths.reduce((sum, path) => sum + statSync(path).size, 0)
  const settings = { source, ownPrefixes: ['+95979'], referenceKey: keys.prfKey(REFERENCE_KEY) }
  const own = kept ?? keepThreads()
  try {
    return await ingestFiles(
      { pool, keys, clock: systemClock, offsetMinutes: OFFSET_MINUTES },
      {
        files: paths,
        read: readSource(source),
        fill: fillSource(source),
        threads: needsThreads(paths.length, bytes) ? own.open(settings) : null,
        servedByUs: (number) => number.startsWith('+95979'),
        ...(onUnreadable === undefined ? {} : { onUnreadable }),
      },
    )
  } finally {
    if (kept === undefined) await own.close()
  }
}

/** @throws Error when not all were filed. */
export function checkFiled(filed: number, records: number): void {
  if (filed !== records) throw new Error(`filed ${filed} of ${records} calls`)
}
