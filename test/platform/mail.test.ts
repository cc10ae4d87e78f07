import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createMailer } from '../../src/platform/mail.ts'
import { openSmtp } from '../support/smtp-server.ts'

test('a statement goes to the address of record with its file', async (t) => {
  const { url, taken } = await openSmtp(t)
  const mailer = createMailer({ url, from: 'care@ayeyar.example' })
  await mailer?.send({
    to: 'khin@example.org',
    subject: 'သင့်ဘေလ်',
    text: 'Your statement is attached.',
    attachments: [{ filename: 'bill.pdf', contentType: 'application/pdf', content: Buffer.from('%PDF-1.7') }],
  })
  mailer?.close()
  assert.equal(taken.length, 1)
  assert.match(taken[0] ?? '', /To: khin@example.org/)
  assert.match(taken[0] ?? '', /filename=bill.pdf/)
  assert.match(taken[0] ?? '', new RegExp(Buffer.from('%PDF-1.7').toString('base64')))
})

test('a refused address fails without being named, and two addresses are a bug', async (t) => {
  const { url, taken } = await openSmtp(t)
  const mailer = createMailer({ url, from: 'care@ayeyar.example' })
  const send = (to: string) => mailer?.send({ to, subject: 'x', text: 'x' }) ?? Promise.resolve()
  await assert.rejects(send('nobody@example.org'), (error: Error & { code?: string }) => {
    assert.equal(error.code, 'mail-failed')
    assert.doesNotMatch(`${error.message}${error.stack}${String(error.cause)}`, /nobody@/)
    return true
  })
  await assert.rejects(send('a@example.org, b@example.org'), /one plain address/)
  await assert.rejects(send('a@example.org\r\nBcc: b@example.org'), /one plain address/)
  mailer?.close()
  assert.equal(taken.length, 0)
})

test('a server elsewhere that offers no TLS gets no statement', async (t) => {
  const { url, taken } = await openSmtp(t)
  const { port } = new URL(url)
  const mailer = createMailer({ url: `smtp://[::ffff:127.0.0.1]:${port}`, from: 'care@ayeyar.example' })
  await assert.rejects(async () => mailer?.send({ to: 'khin@example.org', subject: 'x', text: 'x' }), {
    code: 'mail-failed',
  })
  mailer?.close()
  assert.equal(taken.length, 0)
})

test('without configuration there is no mailer', () => {
  assert.equal(createMailer(null), null)
})
