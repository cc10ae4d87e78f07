import { test } from 'node:test'
import { changeEveryByte } from './evidence-bytes.ts'
import { fillDisk } from './ledger-disk-full.ts'
import { killServers } from './ledger-kill.ts'

const ROUNDS = 3

test('promise 2: servers of the ledger are killed under load, and nothing acknowledged is lost', (t) =>
  killServers(ROUNDS, (line) => t.diagnostic(line)))

test(
  'a full disk refuses clearly and corrupts nothing',
  { skip: process.getuid?.() !== 0 && 'needs root to mount' },
  (t) => fillDisk(ROUNDS, (line) => t.diagnostic(line)),
)

test('a slice of the bytes of a bundle, each changed, each found', (t) =>
  changeEveryByte(ROUNDS, (line) => t.diagnostic(line)))
