import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { SMTPServer } from 'smtp-server'
import { createMailer } from '../../src/platform/mail.ts'

/** A real SMTP server on localhost that keeps what it takes and refuses recipients named `nobody`. */
async function openSmtp(t: TestContext): Promise<{ url: string; taken: string[] }> {
  const taken: string[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onRcptTo: (address, _session, done) =>
      done(address.address.startsWith('nobody') ? new Error('no such person') : null),
    onData: (stream, _session, done) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        taken.push(Buffer.concat(chunks).toString('utf8'))
        done()
      })
    },
  })
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  t.after(() => new Promise<void>((resolve) => server.close(() => resolve())))
  return { url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`, taken }
}

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
