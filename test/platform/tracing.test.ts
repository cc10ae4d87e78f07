import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { type TestContext, test } from 'node:test'
import { createLog } from '../../src/platform/log.ts'
import { inSpan, startTracing } from '../../src/platform/tracing.ts'
import { NUMBER, ok, openCare, openLook, PIN, SPOUSE, WRITTEN } from '../care/open-care.ts'

interface Sent {
  name: string
  traceId: string
  spanId: string
  parentSpanId?: string
  attributes: { key: string; value: { stringValue?: string; intValue?: number | string } }[]
}

/** A receiver of OTLP over HTTP, and everything it was sent. */
async function receive(t: TestContext): Promise<{ url: string; raw: () => string; spans: () => Sent[] }> {
  const bodies: string[] = []
  const server = createServer(async (request, response) => {
    if (request.method === 'POST' && request.url === '/v1/traces') bodies.push(await text(request))
    response.setHeader('content-type', 'application/json').end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  const spans = () =>
    bodies.flatMap((body) =>
      (JSON.parse(body) as { resourceSpans: { scopeSpans: { spans: Sent[] }[] }[] }).resourceSpans.flatMap(
        ({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans),
      ),
    )
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    raw: () => bodies.join('\n'),
    spans,
  }
}

test('a look is a trace by route template, with ledger, vault and statements, and no private value is in it', async (t) => {
  const receiver = await receive(t)
  process.env.OTEL_EXPORTER_OTLP_ENDPOINT = receiver.url
  t.after(() => delete process.env.OTEL_EXPORTER_OTLP_ENDPOINT)
  const care = await openCare(t)
  const thiri = await care.hire(['champion'])
  const tracing = await startTracing(process.env, { version: 'test' })
  assert.ok(tracing)
  t.after(() => tracing.close())
  const { contact, grant } = await openLook(care, thiri)
  await ok(care, thiri, 'POST', `/api/care/grants/${grant}/bill`, {})
  await ok(care, thiri, 'POST', `/api/care/grants/${grant}/rows`, { page: 1 })
  const number = '09 791 000 077'
  await ok(care, thiri, 'POST', `/api/care/grants/${grant}/matches`, { number })
  await care.ask(thiri, 'GET', `/api/nothing/${NUMBER}?number=${WRITTEN}`)
  await tracing.flush()
  const spans = receiver.spans()
  const names = new Set(spans.map(({ name }) => name))
  const rows = spans.find(({ name }) => name === 'POST /api/care/grants/:id/rows')
  assert.ok(rows, [...names].join(', '))
  assert.equal(rows.parentSpanId ?? '', '')
  const within = (route: string) => {
    const { traceId } = spans.find(({ name }) => name === route)!
    return spans.filter((span) => span.traceId === traceId).map(({ name }) => name)
  }
  const [ofBill, ofRows] = [within('POST /api/care/grants/:id/bill'), within(rows.name)]
  assert.ok(ofRows.includes('vault open'), ofRows.join(', '))
  // The log is read for the bill and opened again, sealed as it is, for the page a moment later.
  assert.ok(
    ofBill.some((name) => /^[A-Z]+ vault\./.test(name)),
    ofBill.join(', '),
  )
  assert.ok(names.has('ledger batch'))
  const keys = new Set(spans.flatMap(({ attributes }) => attributes.map(({ key }) => key)))
  assert.deepEqual(
    [...keys].filter(
      (key) =>
        !/^(http\.(request\.method|route|response\.status_code)|db\.(system\.name|query\.summary)|countersign\.(entries|rows)|error\.type)$/.test(
          key,
        ),
    ),
    [],
  )
  const subscriber = care.subscriber
  const secrets = [
    NUMBER,
    SPOUSE,
    WRITTEN,
    number,
    PIN,
    contact,
    grant,
    thiri.id,
    thiri.token,
    thiri.deskName,
  ]
  for (const secret of [...secrets, subscriber.id, subscriber.subject, 'Khin Mar Lwin', 'khin@example.org'])
    assert.ok(!receiver.raw().includes(secret), secret)
})

test('a line of the log that is written in a trace carries its ids, an error leaves only its code, and without a setting nothing is traced', async (t) => {
  assert.equal(await startTracing({}, { version: 'test' }), null)
  await assert.rejects(startTracing({ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector' }, { version: 'test' }), {
    code: 'config-invalid',
  })
  const lines: string[] = []
  const log = createLog({ clock: { now: () => 0 }, write: (line) => lines.push(line) })
  log.info({}, 'before')
  const receiver = await receive(t)
  process.env.OTEL_EXPORTER_OTLP_ENDPOINT = receiver.url
  t.after(() => delete process.env.OTEL_EXPORTER_OTLP_ENDPOINT)
  const tracing = await startTracing(process.env, { version: 'test' })
  assert.ok(tracing)
  const broken = inSpan('work', {}, async () => {
    log.info({}, 'within')
    throw Object.assign(new Error(`could not read ${NUMBER}`), { code: 'unreadable' })
  })
  await assert.rejects(broken)
  await tracing.close()
  log.info({}, 'after')
  const [span] = receiver.spans()
  const [before, within, after] = lines.map((line) => JSON.parse(line) as Record<string, string>)
  assert.deepEqual([within?.trace_id, within?.span_id], [span?.traceId, span?.spanId])
  assert.deepEqual([before?.trace_id, after?.trace_id], [undefined, undefined])
  assert.deepEqual(span?.attributes, [{ key: 'error.type', value: { stringValue: 'unreadable' } }])
  assert.ok(!receiver.raw().includes(NUMBER))
})
