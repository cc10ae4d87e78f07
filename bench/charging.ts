import { createReadStream, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createBatchMaker } from '../src/calls/call-batch.ts'
import { fillSource } from '../src/calls/formats/source.ts'
import { writeChargingFile } from './charging-files.ts'
import { benchSource, checkFiled } from './ingest-sealed.ts'

/**
 * Reads a file of 3GPP TS 32.298 records in BER into batches of calls, on one core, and gives its processor time. Not in it are
 * the MACs of references, by which duplicates are known, and filing.
 */
const { values } = parseArgs({
  options: { records: { type: 'string', default: '1000000' }, json: { type: 'boolean', default: false } },
})
const records = Number(values.records)
if (!Number.isInteger(records) || records < 10_000) {
  console.error('usage: npm run bench -- charging [--json] [--records N]   (N at least 10,000)')
  process.exit(2)
}
const dir = mkdtempSync(join(process.env.COUNTERSIGN_TMP ?? tmpdir(), 'countersign-bench-'))
try {
  const path = writeChargingFile(dir, records)
  const fill = fillSource({ ...benchSource(), map: null })
  const maker = createBatchMaker({
    servedByUs: (number) => number.startsWith('+95979'),
    markReference: () => null,
    limit: 8192,
  })
  const [begun, clock] = [process.cpuUsage(), performance.now()]
  let read = 0
  for await (const batch of fill(createReadStream(path, { highWaterMark: 512 * 1024 }), maker))
    read += batch.count
  const { user, system } = process.cpuUsage(begun)
  const seconds = (performance.now() - clock) / 1000
  checkFiled(read, records)
  console.log(
    JSON.stringify({
      bench: 'charging',
      records,
      recordsPerSecond: Math.round(records / seconds),
      recordsPerProcessorSecond: Math.round((records * 1_000_000) / (user + system)),
      bytes: Math.round((statSync(path).size / records) * 10) / 10,
      unit: 'records/s',
    }),
  )
} finally {
  rmSync(dir, { recursive: true })
}
