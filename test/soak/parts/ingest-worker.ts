import { DAILY_FILES_MAP } from '../../../bench/daily-files.ts'
import { parseColumnMap } from '../../../src/calls/formats/column-map.ts'
import { fillSource, readSource, type SourceOptions } from '../../../src/calls/formats/source.ts'
import { readJurisdiction } from '../../../src/calls/jurisdiction.ts'
import { createNumberPlan } from '../../../src/calls/numbers.ts'
import { openKeys } from '../../../src/keys/key-directory.ts'
import { systemClock } from '../../../src/platform/clock.ts'
import { openDatabase } from '../../../src/platform/database.ts'
import { ingestFiles } from '../../../src/vault/ingest.ts'
import { REFERENCE_KEY } from '../../../src/vault/reference-mark.ts'
import { openVaultThreads } from '../../../src/vault/threads/threads.ts'
import { createVault } from '../../../src/vault/vault.ts'

/**
 * A process that files calls, with threads of its own, until it is done or killed: database, keys, calls a gather, files;
 * a line at each step.
 */
const [url, keysDir, gatherCalls, ...files] = process.argv.slice(2)
const jurisdiction = readJurisdiction(new URL('../../../jurisdictions/mm.json', import.meta.url))
const { offsetMinutes } = jurisdiction
const plan = createNumberPlan(jurisdiction, {
  ownPrefixes: ['979'],
  premiumPrefixes: [],
  servicePrefixes: [],
})
const database = openDatabase({ url: url!, max: 4 })
const keys = await openKeys(keysDir!, 'a passphrase for the soak')
const parties = { pool: database.pool, keys, clock: systemClock, offsetMinutes }
const source: SourceOptions = {
  plan,
  now: systemClock.now(),
  offsetMinutes,
  currency: 'MMK',
  numbers: new Map(),
  servingNodes: 'file',
  format: null,
  map: parseColumnMap(JSON.stringify(DAILY_FILES_MAP)),
}
const threads = openVaultThreads({
  source,
  ownPrefixes: ['+95979'],
  referenceKey: keys.prfKey(REFERENCE_KEY),
})
await ingestFiles(parties, {
  files,
  read: readSource(source),
  fill: fillSource(source),
  threads,
  servedByUs: (number) => number.startsWith('+95979'),
  gatherCalls: Number(gatherCalls),
  onProgress: () => process.stdout.write('step\n'),
})
await threads.close()
const vault = createVault(parties)
while ((await vault.merge({ subjects: 50 })).before > 0) process.stdout.write('step\n')
process.stdout.write('done\n')
keys.close()
await database.close()
