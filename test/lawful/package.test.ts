import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { Decrypter, generateIdentity, identityToRecipient } from 'age-encryption'
import { XMLParser } from 'fast-xml-parser'
import { readArchive, writeArchive } from '../../src/lawful/archive.ts'
import { digestOf, encryptTo } from '../../src/lawful/package.ts'
import { nodeVerifyEd25519 } from '../../src/ledger/node-crypto.ts'
import { parseVerifierKey, verifyNote } from '../../src/ledger/note.ts'
import { NUMBER, PREMIUM, SPOUSE } from '../care/open-care.ts'
import {
  AUGUST,
  bothKeys,
  type Crew,
  check,
  DAY_S,
  ok,
  openLawful,
  passed,
  registerKey,
  scopeOf,
  type TestLawful,
} from './open-lawful.ts'

/** An identity that the age of others made. */
function foreignIdentity(t: TestContext): { file: string; recipient: string } {
  const directory = mkdtempSync(join(tmpdir(), 'countersign-age-'))
  t.after(() => rmSync(directory, { recursive: true }))
  const file = join(directory, 'key.txt')
  execFileSync('age-keygen', ['-o', file], { stdio: 'ignore' })
  return { file, recipient: execFileSync('age-keygen', ['-y', file], { encoding: 'utf8' }).trim() }
}

function openWithForeignAge(t: TestContext, file: string, encrypted: Buffer): Buffer {
  const directory = mkdtempSync(join(tmpdir(), 'countersign-age-'))
  t.after(() => rmSync(directory, { recursive: true }))
  writeFileSync(join(directory, 'p.age'), encrypted)
  execFileSync('age', ['-d', '-i', file, '-o', join(directory, 'p.tar'), join(directory, 'p.age')])
  return readFileSync(join(directory, 'p.tar'))
}

async function fetchBytes(open: TestLawful, who: { token: string }, url: string): Promise<Buffer> {
  const answer = await open.app.inject({
    method: 'GET',
    url,
    headers: { cookie: `countersign-staff=${who.token}` },
  })
  assert.equal(answer.statusCode, 200, answer.body)
  return answer.rawPayload
}

/** A delivered package of all that `scope` says, opened by the age of others. */
async function deliver(t: TestContext, open: TestLawful, crew: Crew, id: string, file: string) {
  await ok(open, crew.counsel, 'POST', `/api/lawful/requests/${id}/production`, {})
  const early = await open.ask(crew.filer, 'GET', `/api/regulator/requests/${id}/package`)
  assert.equal(early.body.code, 'package-not-ready')
  await ok(open, crew.privacy, 'POST', `/api/lawful/requests/${id}/release`, {})
  const encrypted = await fetchBytes(open, crew.filer, `/api/regulator/requests/${id}/package`)
  const archive = openWithForeignAge(t, file, encrypted)
  const files = new Map(readArchive(archive).map(({ name, bytes }) => [name, Buffer.from(bytes)]))
  return { encrypted, archive, files }
}

test('a package opens with the age of others, holds only what was approved, and can be shown again to the byte', async (t) => {
  const open = await openLawful(t)
  const crew = await open.crew()
  const { file, recipient } = foreignIdentity(t)
  await registerKey(open, crew, recipient)
  const id = await passed(open, crew)
  await check(open, crew.investigator, id, ['V10'])
  const view = await ok(open, crew.counsel, 'GET', `/api/lawful/requests/${id}`)
  const [part] = scopeOf(view).parts
  const scope = {
    parts: [{ ...part!, until: part!.from + 3 * DAY_S }],
    fields: ['time', 'other-number'] as const,
  }
  await bothKeys(open, crew, id, { ...scope, fields: [...scope.fields] })
  const { encrypted, archive, files } = await deliver(t, open, crew, id, file)
  assert.deepEqual([...files.keys()], ['response.xml', 'records.csv', 'letter.pdf', 'manifest.txt'])

  const manifest = files.get('manifest.txt')!.toString()
  const key = parseVerifierKey(/^key (.+)$/m.exec(manifest)![1]!)
  const signed = verifyNote(manifest, [key], nodeVerifyEd25519)
  assert.match(signed.text, /request MM ptd PTD-2026-0117/)
  for (const [, digest, bytes, name] of signed.text.matchAll(/^file ([0-9a-f]{64}) (\d+) (.+)$/gm)) {
    assert.equal(digestOf(files.get(name!)!), digest)
    assert.equal(files.get(name!)!.length, Number(bytes))
  }
  const lines = files.get('records.csv')!.toString().trim().split('\r\n')
  assert.equal(lines[0], 'number,start,other')
  // Three days of four calls, and the dear ones of the 14th and 15th.
  assert.equal(lines.length - 1, 12 + 7)
  for (const line of lines.slice(1)) {
    const [number, start = '', other] = line.split(',')
    assert.equal(number, NUMBER)
    const at = Date.parse(start) / 1000
    assert.ok(at >= AUGUST + 12 * DAY_S && at < AUGUST + 15 * DAY_S, start)
    assert.ok([PREMIUM, SPOUSE, '+959250000123'].includes(other as never))
  }
  const xml = new XMLParser({ ignoreAttributes: false }).parse(files.get('response.xml')!.toString())
  const records = xml.RetainedDataMessage.retainedDataPayload.responseMessage.responsePayload.ResponseRecord
  assert.equal(records.length, 19)
  assert.equal(JSON.stringify(xml).includes('durationTime'), false)
  assert.match(files.get('response.xml')!.toString(), /Content of communications does not exist here/)
  writeFileSync(`${file}.pdf`, files.get('letter.pdf')!)
  const letter = execFileSync('pdftotext', ['-layout', `${file}.pdf`, '-'], { encoding: 'utf8' })
  assert.match(letter, /Content of communications, voice and pictures does not exist here/)

  const again = await fetchBytes(open, crew.counsel, `/api/lawful/requests/${id}/package`)
  assert.deepEqual(again, encrypted)
  const page = await ok(open, crew.counsel, 'GET', `/api/lawful/requests/${id}`)
  assert.equal(page.package.digest, digestOf(encrypted))
  assert.deepEqual([page.package.facts.rows, page.package.facts.days, page.package.facts.people], [19, 3, 3])
  const held = await open.lawful.reopenPackage(
    await crew.counsel.facts(),
    id,
    'The court asks what exactly was handed over.',
  )
  assert.ok('bytes' in held && held.bytes.equals(archive))
  assert.ok((await open.kinds()).includes('package-reopened'))
})

test('who called a number that is not ours is answered from its own log, and nothing is an answer too', async (t) => {
  const open = await openLawful(t)
  const crew = await open.crew()
  const { file, recipient } = foreignIdentity(t)
  await registerKey(open, crew, recipient)
  const [from, until] = [AUGUST, AUGUST + 31 * DAY_S]
  const ask = (value: string) => ({ type: 'msisdn', value, role: 'unknown', from, until }) as const
  const id = await passed(open, crew, {
    identifiers: [ask('09 250 000 123'), ask('09 255 555 555')],
    fields: ['time', 'other-number', 'holder'],
  })
  await check(open, crew.investigator, id)
  const view = await ok(open, crew.counsel, 'GET', `/api/lawful/requests/${id}`)
  const counts = await ok(open, crew.counsel, 'POST', `/api/lawful/requests/${id}/counts`, {
    scope: scopeOf(view),
  })
  assert.deepEqual([counts.rows, counts.people, counts.numbers], [62, 1, 2])
  await bothKeys(open, crew, id, scopeOf(view))
  const { files } = await deliver(t, open, crew, id, file)
  const csv = files.get('records.csv')!.toString()
  assert.equal(csv.match(/^\+959250000123,.*,\+959791204412\r$/gm)?.length, 62)
  assert.match(csv, /^\+959255555555,,/m)
  assert.equal(csv.match(/^\+959255555555,2026/gm), null)
})

test('without a registered key nothing is produced; a wrong key is not written down', async (t) => {
  const open = await openLawful(t)
  const crew = await open.crew()
  const id = await passed(open, crew)
  await check(open, crew.investigator, id)
  const view = await ok(open, crew.counsel, 'GET', `/api/lawful/requests/${id}`)
  await bothKeys(open, crew, id, scopeOf(view))
  const none = await open.ask(crew.counsel, 'POST', `/api/lawful/requests/${id}/production`, {})
  assert.equal(none.body.code, 'no-recipient-key')
  const wrong = await open.ask(crew.counsel, 'POST', '/api/lawful/keys', {
    frame: 'mm',
    authority: 'cid-yangon',
    recipient: 'age1notakey',
  })
  assert.equal(wrong.body.code, 'recipient-wrong')
  const nobody = await open.ask(crew.counsel, 'POST', '/api/lawful/keys', {
    frame: 'mm',
    authority: 'a-friend',
    recipient: 'age1notakey',
  })
  assert.equal(nobody.body.code, 'authority-unknown')
})

test('an archive reads back, and tar of others lists it', async () => {
  const files = [
    { name: 'a.txt', bytes: Buffer.from('one') },
    { name: 'empty', bytes: Buffer.alloc(0) },
    { name: 'block', bytes: Buffer.alloc(512, 7) },
  ]
  const archive = writeArchive(files, 1_789_000_000_000)
  assert.deepEqual(
    readArchive(archive).map(({ name, bytes }) => [name, Buffer.from(bytes).toString('hex')]),
    files.map(({ name, bytes }) => [name, bytes.toString('hex')]),
  )
  assert.equal(
    execFileSync('tar', ['-tf', '-'], { input: archive, encoding: 'utf8' }),
    'a.txt\nempty\nblock\n',
  )
})

test('what we encrypt, another implementation of ours opens, and only with the key', async () => {
  const identity = await generateIdentity()
  const encrypted = await encryptTo(await identityToRecipient(identity), Buffer.from('nine days'))
  const decrypter = new Decrypter()
  decrypter.addIdentity(identity)
  assert.equal(await decrypter.decrypt(encrypted, 'text'), 'nine days')
  const other = new Decrypter()
  other.addIdentity(await generateIdentity())
  await assert.rejects(other.decrypt(encrypted))
})
