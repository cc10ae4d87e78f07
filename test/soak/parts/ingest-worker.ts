import { parseColumnMap } from '../../../src/calls/formats/column-map.ts'
import { readDelimitedBatches } from '../../../src/calls/formats/delimited.ts'
import { readJurisdiction } from '../../../src/calls/jurisdiction.ts'
import { createNumberPlan } from '../../../src/calls/numbers.ts'
import { openKeys } from '../../../src/keys/key-directory.ts'
import { systemClock } from '../../../src/platform/clock.ts'
import { openDatabase } from '../../../src/platform/database.ts'
import { ingestFiles } from '../../../src/vault/ingest.ts'
import { createVault } from '../../../src/vault/vault.ts'
import { INGEST_MAP } from './ingest-map.ts'

/** A process that files calls until it is done or killed: database, keys, calls a gather, files; a line at each step. */
const [url, keysDir, gatherCalls, ...files] = process.argv.slice(2)
const jurisdiction = readJurisdiction(new URL('../../../jurisdictions/mm.json', import.meta.url))
const plan = createNumberPlan(jurisdiction, {
  ownPrefixes: ['979'],
  premiumPrefixes: [],
  servicePrefixes: [],
})
const database = openDatabase({ url: url!, max: 4 })
const keys = await openKeys(keysDir!, 'a passphrase for the soak')
const parties = { pool: database.pool, keys, clock: systemClock, offsetMinutes: jurisdiction.offsetMinutes }
const map = parseColumnMap(JSON.stringify(INGEST_MAP))
await ingestFiles(parties, {
  files,
  read: readDelimitedBatches(map, { plan, now: systemClock.now() }),
  servedByUs: () => true,
  gatherCalls: Number(gatherCalls),
  onProgress: () => process.stdout.write('step\n'),
})
const vault = createVault(parties)
while ((await vault.merge({ subjects: 50 })).before > 0) process.stdout.write('step\n')
process.stdout.write('done\n')
keys.close()
await database.close()
