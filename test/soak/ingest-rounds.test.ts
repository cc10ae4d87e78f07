import { test } from 'node:test'
import { killIngest } from './ingest-kill.ts'

test('two processes that file the same month are killed at random moments, and each record is on file once', (t) =>
  killIngest(3, (line) => t.diagnostic(line), { records: 6_000, kills: 1 }))
