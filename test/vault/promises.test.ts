import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import pg from 'pg'
import { initKeys, openKeys } from '../../src/keys/key-directory.ts'
import type { Opening, Receipt } from '../../src/ledger/receipt.ts'
import { Receipt as ReceiptClass } from '../../src/ledger/receipt.ts'
import { createVault } from '../../src/vault/vault.ts'
import { number, openTestVault, pressReceipt, SEPTEMBER, type TestVault } from './support/open-vault.ts'

const THIRI = '+959791000001'
/** Chosen by chance, so that no other test on the same server writes it. */
const KHIN = `+95979${String(randomInt(1e7)).padStart(7, '0')}`
const SENDER = 'ShweBankAlert'
const CELL = 'MDY-4711-B'
const REFERENCE = 'MSC7-00998877'

async function filled(v: TestVault): Promise<void> {
  await v.ingest([
    v.file('a', [
      {
        called: number(KHIN),
        callerCell: CELL,
        reference: REFERENCE,
        tariff: 'on-net',
        chargeMilli: 5,
        currency: 'MMK',
      },
      { caller: { kind: 'name', name: SENDER }, called: number(THIRI), kind: 'sms', start: SEPTEMBER + 5 },
      `${KHIN};${CELL};a line that cannot be read`,
    ]),
  ])
}

function openingOf(v: TestVault, phone: string): Opening {
  const subject = v.subject(phone)
  const tenure = `unregistered-${subject}`
  return { subject, tenure, from: 0, until: 2 ** 33, fields: ['start', 'otherFull'] }
}

test('promise 1: the vault refuses to open without a receipt, and does not type-check', async (t) => {
  const v = await openTestVault(t)
  await filled(v)
  const lens = { other: (seen: unknown) => seen }
  // @ts-expect-error a receipt is not optional
  await assert.rejects(v.vault.open(undefined, lens), { code: 'receipt-forged' })
  // @ts-expect-error nor is it what it opens
  await assert.rejects(v.vault.open(openingOf(v, THIRI), lens), { code: 'receipt-forged' })
  // @ts-expect-error nor null
  await assert.rejects(v.vault.open(null, lens), { code: 'receipt-forged' })
})

test('promise 1: a forged receipt opens nothing', async (t) => {
  const v = await openTestVault(t)
  await filled(v)
  const real = pressReceipt(openingOf(v, THIRI))
  const forgeries = [
    Object.create(ReceiptClass.prototype) as Receipt,
    Object.assign(Object.create(Object.getPrototypeOf(real)), { opening: openingOf(v, THIRI) }) as Receipt,
    { ...real } as Receipt,
    structuredClone(real),
    new Proxy(real, {}),
    Object.create(real) as Receipt,
  ]
  for (const forged of forgeries) {
    await assert.rejects(v.vault.open(forged, { other: (s) => s }), { code: 'receipt-forged' })
  }
  const construct = ReceiptClass as unknown as new (token: unknown, opening: Opening) => Receipt
  assert.throws(() => new construct(Symbol('receipt'), openingOf(v, THIRI)), { code: 'receipt-forged' })
  assert.equal((await v.vault.open(real, {})).length, 2)
})

test('promise 1: a used receipt opens nothing, not even two openings at once', async (t) => {
  const v = await openTestVault(t)
  await filled(v)
  const receipt = pressReceipt(openingOf(v, THIRI))
  const both = await Promise.allSettled([v.vault.open(receipt, {}), v.vault.open(receipt, {})])
  assert.deepEqual(
    both.map((one) => one.status),
    ['fulfilled', 'rejected'],
  )
  await assert.rejects(v.vault.open(receipt, {}), { code: 'receipt-spent' })
})

test('promise 1: a receipt for something else opens that and no more', async (t) => {
  const v = await openTestVault(t)
  await filled(v)
  const other = { ...openingOf(v, THIRI), subject: v.subject(KHIN) }
  assert.deepEqual(await v.vault.open(pressReceipt(other), {}), [])
  const elsewhen = { ...openingOf(v, THIRI), until: SEPTEMBER }
  assert.deepEqual(await v.vault.open(pressReceipt(elsewhen), {}), [])
  const opening = openingOf(v, THIRI)
  const receipt = pressReceipt({ ...opening, fields: ['start'] })
  ;(opening.fields as string[]).push('cell')
  const rows = await v.vault.open(receipt, { other: (seen) => seen })
  assert.deepEqual(
    rows.map((row) => Object.keys(row)),
    [
      ['name', 'start'],
      ['name', 'start'],
    ],
  )
})

test('promise 1: what was read ahead is sealed: it shows nothing, and opens by the receipt for it alone', async (t) => {
  const v = await openTestVault(t)
  await filled(v)
  const [hers, his] = [openingOf(v, THIRI), openingOf(v, KHIN)]
  const ahead = v.vault.readAhead(hers)
  assert.deepEqual(Reflect.ownKeys(ahead), [])
  // @ts-expect-error what was read ahead is no receipt
  await assert.rejects(v.vault.open(ahead, {}, ahead), { code: 'receipt-forged' })
  const own = await v.vault.open(pressReceipt(his), {})
  assert.deepEqual(await v.vault.open(pressReceipt(his), {}, ahead), own, 'his receipt opens his log')
  const later = { ...hers, from: SEPTEMBER + 1_000, until: SEPTEMBER + 9_000 }
  const rows = await v.vault.open(pressReceipt(later), {}, v.vault.readAhead(hers))
  assert.deepEqual(rows, await v.vault.open(pressReceipt(later), {}), 'no more than the receipt says')
  assert.equal((await v.vault.open(pressReceipt(hers), {}, ahead)).length, 2)
  await v.database.pool.query('DELETE FROM vault.block')
  assert.equal((await v.vault.open(pressReceipt(hers), {}, ahead)).length, 2, 'it is not read again')
  assert.deepEqual(await v.vault.open(pressReceipt(hers), {}, {} as typeof ahead), [])
  await v.keys.destroyTweak(hers.tenure)
  assert.deepEqual(await v.vault.open(pressReceipt(hers), {}, ahead), [], 'its key is gone')
})

test('promise 1: no room but the vault reaches a block, a key of one, or the reading of one', () => {
  const root = join(import.meta.dirname, '../../src')
  const inner =
    /from '[^']*(vault\/(block|held-block|store|retention-store|reseal|tenures|record-name|ingest-store)|calls\/(codec|block-merger))\.ts'/
  const wrong = (readdirSync(root, { recursive: true }) as string[])
    .filter((path) => path.endsWith('.ts') && !path.startsWith('vault/'))
    .filter((path) => inner.test(readFileSync(join(root, path), 'utf8')))
  assert.deepEqual(wrong, [])
})

test('promise 4: no byte of the database’s files or WAL tells a number, a name, a cell or a reference', async (t) => {
  const v = await openTestVault(t)
  // Kept while this connection stands: other tests of the cluster fill segments, and a checkpoint recycles them.
  const keeper = new pg.Client({ connectionString: v.database.url })
  keeper.on('error', () => {})
  await keeper.connect()
  t.after(() => keeper.end())
  const slot = `scan_${randomInt(2 ** 40)}`
  await keeper.query('SELECT pg_create_physical_replication_slot($1, true, true)', [slot])
  const begun = await v.database.pool.query('SELECT pg_walfile_name(pg_current_wal_insert_lsn()) AS file')
  await filled(v)
  await v.vault.merge({ subjects: 10 })
  const wanted = [
    KHIN,
    KHIN.slice(1),
    `0${KHIN.slice(3)}`,
    SENDER,
    CELL,
    REFERENCE,
    'a line that cannot',
  ].flatMap(disguises)
  const pool = v.database.pool
  await pool.query('CREATE TABLE public.control (text text)')
  await pool.query(`INSERT INTO public.control VALUES ('a control that is found')`)
  await pool.query('CHECKPOINT')
  const { rows } = await pool.query<{ dir: string }>(
    `SELECT 'base/' || oid AS dir FROM pg_database WHERE datname = current_database() UNION ALL SELECT 'pg_wal'`,
  )
  const control = Buffer.from('a control that is found')
  const seen = { control: 0, bytes: 0, found: [] as string[] }
  for (const { dir } of rows) {
    const files = await pool.query<{ path: string }>(
      `SELECT $1 || '/' || name AS path FROM pg_ls_dir($1) AS name WHERE name !~ '^archive|^summaries' AND ($1 <> 'pg_wal' OR name >= $2)`,
      [dir, begun.rows[0].file],
    )
    for (const { path } of files.rows) {
      const read = await pool.query<{ bytes: Buffer | null }>(
        'SELECT pg_read_binary_file($1, 0, 1 << 26, true) AS bytes',
        [path],
      )
      const bytes = read.rows[0]?.bytes ?? Buffer.alloc(0)
      seen.bytes += bytes.length
      if (bytes.includes(control)) seen.control++
      for (const { text, needle } of wanted) if (bytes.includes(needle)) seen.found.push(`${text} in ${path}`)
    }
  }
  assert.ok(seen.control >= 2, 'the scan finds what is there in plain, in a table file and in the WAL')
  assert.deepEqual(seen.found, [])
})

test('promise 4: the files beside the database that hold keys hold no number either', async (t) => {
  const v = await openTestVault(t)
  await filled(v)
  const files = readdirSync(v.keysDir, { recursive: true, withFileTypes: true }).filter((f) => f.isFile())
  const wanted = [KHIN, KHIN.slice(1), CELL].flatMap(disguises)
  for (const file of files) {
    const bytes = readFileSync(join(file.parentPath, file.name))
    for (const { needle } of wanted) assert.equal(bytes.includes(needle), false, file.name)
  }
})

test('promise 4: a block moved to another subject, month, tenure, span or sequence does not open', async (t) => {
  const v = await openTestVault(t)
  await filled(v)
  const pool = v.database.pool
  const hers = Buffer.from(v.subject(THIRI), 'hex')
  const his = Buffer.from(v.subject(KHIN), 'hex')
  const moves: [string, unknown[]][] = [
    [
      `UPDATE vault.block SET sealed = (SELECT sealed FROM vault.block WHERE subject = $2) WHERE subject = $1`,
      [hers, his],
    ],
    ['UPDATE vault.block SET month = month + 1 WHERE subject = $1', [hers]],
    ['UPDATE vault.block SET first_day = first_day - 1 WHERE subject = $1', [hers]],
    ['UPDATE vault.block SET last_day = last_day + 1 WHERE subject = $1', [hers]],
    ['UPDATE vault.block SET sequence = sequence + 1 WHERE subject = $1', [hers]],
    [
      'UPDATE vault.block SET sealed = set_byte(sealed, 20, get_byte(sealed, 20) # 1) WHERE subject = $1',
      [hers],
    ],
    ['UPDATE vault.block SET sealed = substr(sealed, 1, 27) WHERE subject = $1', [hers]],
  ]
  await v.keys.monthKey('2026-10')
  await pool.query('CREATE TABLE public.kept AS SELECT * FROM vault.block')
  for (const [sql, values] of moves) {
    await pool.query(sql, values)
    await assert.rejects(v.log(THIRI), { code: 'block-broken' }, sql)
    await pool.query('DELETE FROM vault.block')
    await pool.query('INSERT INTO vault.block SELECT * FROM public.kept')
  }
  assert.equal((await v.log(THIRI)).length, 2)
  await pool.query(`INSERT INTO vault.tenure VALUES ($1, 'thief', 0, NULL)`, [hers])
  await pool.query(`UPDATE vault.block SET tenure = 'thief' WHERE subject = $1`, [hers])
  await v.keys.tweak('thief')
  await assert.rejects(v.log(THIRI, { tenure: 'thief' }), { code: 'block-broken' })
})

test('promise 4: the database with another key directory opens nothing and names nobody', async (t) => {
  const v = await openTestVault(t)
  await filled(v)
  const dir = mkdtempSync(join(tmpdir(), 'countersign-thief-'))
  t.after(() => rmSync(dir, { recursive: true }))
  await initKeys(join(dir, 'own.keys'), 'the passphrase of a thief', { scryptLogN: 10 })
  const own = await openKeys(join(dir, 'own.keys'), 'the passphrase of a thief')
  await own.monthKey('2026-09')
  await own.tweak(openingOf(v, THIRI).tenure)
  const vault = createVault({ pool: v.database.pool, keys: own, offsetMinutes: 390 })
  await assert.rejects(vault.open(pressReceipt(openingOf(v, THIRI)), {}), { code: 'block-broken' })
  own.close()
  // Everything but the passphrase: the wrapped root does not open.
  cpSync(v.keysDir, join(dir, 'd.keys'), { recursive: true })
  assert.equal(statSync(join(dir, 'd.keys/root.json')).isFile(), true)
  await assert.rejects(openKeys(join(dir, 'd.keys'), 'the passphrase of a thief'), {
    code: 'passphrase-wrong',
  })
})

function disguises(text: string): { text: string; needle: Buffer }[] {
  const plain = Buffer.from(text)
  const utf16 = Buffer.from(text, 'utf16le')
  const encoded = [0, 1, 2].map((shift) => {
    const whole = Buffer.concat([Buffer.alloc(shift), plain]).toString('base64')
    // What stands at both ends depends on the neighbours; the middle does not.
    return Buffer.from(whole.slice(shift === 0 ? 0 : 4, -4))
  })
  const hex = plain.toString('hex')
  const needles = [
    plain,
    utf16,
    Buffer.from(utf16).swap16(),
    ...encoded,
    Buffer.from(hex),
    Buffer.from(hex.toUpperCase()),
  ]
  return needles.map((needle) => ({ text, needle }))
}
