import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { parseColumnMap } from '../../src/calls/formats/column-map.ts'
import { fillSource, readSource } from '../../src/calls/formats/source.ts'
import { REFERENCE_KEY } from '../../src/vault/reference-mark.ts'
import { openVaultThreads } from '../../src/vault/threads/threads.ts'
import { KHIN, optionsWith, THIRI } from '../calls/open-formats.ts'
import { NOW, openTestVault, SEPTEMBER, type TestVault } from './support/open-vault.ts'

const MAP = parseColumnMap(
  JSON.stringify({
    name: 'small',
    header: true,
    columns: {
      caller: { column: 'from' },
      called: { column: 'to' },
      start: { column: 'at', format: 'epoch-seconds' },
      reference: { column: 'ref' },
      kind: { fixed: 'voice' },
    },
  }),
)
const OPTIONS = optionsWith({ now: NOW, map: MAP })
const HEAD = 'from,to,at,ref\n'
const servedByUs = (number: string): boolean => number.startsWith('+95979')

function openThreads(t: TestContext, { keys }: TestVault) {
  const threads = openVaultThreads({
    source: OPTIONS,
    ownPrefixes: ['+95979'],
    referenceKey: keys.prfKey(REFERENCE_KEY),
  })
  t.after(() => threads.close())
  return threads
}

function scratch(t: TestContext): string {
  const dir = mkdtempSync(join(tmpdir(), 'countersign-small-'))
  t.after(() => rmSync(dir, { recursive: true }))
  return dir
}

function write(dir: string, name: string, bytes: string | Buffer): string {
  const path = join(dir, name)
  writeFileSync(path, bytes)
  return path
}

/** Line `n` of all: its start tells which it is. */
function line(n: number, ref = `r${n}`): string {
  return `${n % 2 === 0 ? THIRI : KHIN},${n % 2 === 0 ? KHIN : THIRI},${SEPTEMBER + n},${ref}\n`
}

/** Files of every sort that may lie in a directory, with what each should come to: read, filed, duplicate, quarantined. */
function everySort(dir: string): { paths: string[]; counts: Map<string, number[]>; refused: string[] } {
  const counts = new Map<string, number[]>()
  const refused: string[] = []
  let next = 0
  const put = (name: string, bytes: string | Buffer, expected: number[]): void =>
    void counts.set(write(dir, name, bytes), expected)
  put('first', HEAD + line(next++, 'once'), [1, 1, 0, 0])
  // Right behind it: two threads might meet them in either order.
  put('same-reference', HEAD + line(next++, 'once'), [1, 0, 1, 0])
  for (let file = 0; file < 300; file++)
    put(`plain-${file}`, HEAD + line(next++) + line(next++), [2, 2, 0, 0])
  put('quarantined', `${HEAD}${line(next++)}only,three,fields\n`, [2, 1, 0, 1])
  put('gzip', gzipSync(HEAD + line(next++) + line(next++)), [2, 2, 0, 0])
  put('no-newline', HEAD + line(next++).trimEnd(), [1, 1, 0, 0])
  put('no-lines', HEAD, [0, 0, 0, 0])
  put('empty', '', [0, 0, 0, 0])
  let large = HEAD
  const lines = 1_200
  for (let at = 0; at < lines; at++) large += line(next++, `${next}`.padStart(500, '-'))
  put('large', large, [lines, lines, 0, 0])
  refused.push(write(dir, 'other-columns', 'a,b,c\n1,2,3\n'), dir, join(dir, 'not-there'))
  const last = HEAD + line(next++)
  put('behind-the-refused', last, [1, 1, 0, 0])
  put('again', last, [1, 0, 1, 0])
  const paths = [...counts.keys()]
  // In between, so that others of the same look come behind them.
  paths.splice(100, 0, ...refused)
  return { paths, counts, refused }
}

test('small files of every sort come to the same on threads and without', async (t) => {
  const dir = scratch(t)
  const { paths, counts, refused } = everySort(dir)
  const logs: string[] = []
  for (const withThreads of [true, false]) {
    const v = await openTestVault(t)
    const told = new Map<string, string>()
    const ingest = () =>
      v.ingest(paths, {
        read: readSource(OPTIONS),
        fill: fillSource(OPTIONS),
        threads: withThreads ? openThreads(t, v) : null,
        servedByUs,
        onUnreadable: (path, { code }) => told.set(path, code),
      })
    const { files } = await ingest()
    for (const { path, read, filed, duplicate, quarantined } of files)
      assert.deepEqual([read, filed, duplicate, quarantined], counts.get(path), path)
    assert.equal(files.length, counts.size)
    assert.deepEqual(
      refused.map((path) => told.get(path)),
      ['map-column-missing', 'file-unreadable', 'file-unreadable'],
    )
    logs.push(JSON.stringify((await v.log(THIRI)).map(({ name: _, ...row }) => row)))
    const again = await ingest()
    assert.deepEqual([again.filed, again.files.length], [0, counts.size])
    assert.equal(
      again.files.filter(({ known }) => known).length,
      counts.size - 1,
      'all but the one in quarantine',
    )
  }
  assert.equal(logs[0], logs[1])
})

test('small files that have grown since are read from where they ended, on threads that stay', async (t) => {
  const dir = scratch(t)
  const v = await openTestVault(t)
  const threads = openThreads(t, v)
  const paths = Array.from({ length: 20 }, (_, file) => write(dir, `f${file}`, HEAD + line(file)))
  const ingest = () =>
    v.ingest(paths, {
      read: readSource(OPTIONS),
      threads,
      servedByUs,
      onProgress: ({ path }) => onRead(path),
    })
  let onRead: (path: string) => void = () => {}
  const first = await ingest()
  assert.equal(first.filed, 20)
  await v.database.pool.query('UPDATE vault.file SET grew = true')
  paths.forEach((path, file) => {
    appendFileSync(path, line(100 + file))
  })
  onRead = (path) => assert.ok(paths.includes(path))
  const { filed, duplicate } = await ingest()
  assert.deepEqual([filed, duplicate], [20, 20])
  assert.equal((await v.log(THIRI)).length, 40)
})

test('a pipe in the place of a file is refused and holds nothing up', async (t) => {
  const dir = scratch(t)
  const v = await openTestVault(t)
  const pipe = join(dir, 'pipe')
  execFileSync('mkfifo', [pipe])
  const file = write(dir, 'file', HEAD + line(0))
  const told: string[] = []
  const { filed } = await v.ingest([pipe, file], {
    read: readSource(OPTIONS),
    threads: openThreads(t, v),
    servedByUs,
    onUnreadable: (path, { code }) => told.push(path, code),
  })
  assert.deepEqual([filed, told], [1, [pipe, 'file-unreadable']])
  assert.equal(readFileSync(file, 'latin1'), HEAD + line(0))
})
