import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { App } from '../../src/platform/http/app.ts'
import { KHIN, openPhoneBench, type PhoneBench, THIN } from './phone-bench.ts'

function post(app: App, url: string, fields: Record<string, string>) {
  return app.inject({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'same-origin' },
    payload: new URLSearchParams(fields).toString(),
  })
}

async function choose({ app }: PhoneBench): Promise<string> {
  const answer = await post(app, '/demo/phone/choose', { lang: 'en', person: KHIN.number })
  assert.equal(answer.statusCode, 303)
  return new URL(String(answer.headers.location), 'http://x').pathname
}

test('a phone is chosen without its number in any address', async (t) => {
  const bench = await openPhoneBench(t)
  const chooser = await bench.app.inject('/demo/phone')
  assert.match(chooser.body, /Daw Khin Mar Lwin/)
  assert.match(chooser.body, /U Thin &#60;b&#62;/)
  for (const [, address = ''] of chooser.body.matchAll(/(?:href|src|action)="([^"]*)"/g))
    assert.doesNotMatch(address, /\d{4}/)
  const found = await post(bench.app, '/demo/phone/find', { lang: 'my', who: 'Thin' })
  assert.doesNotMatch(found.body, /ဒေါ်ခင်မာလွင်/)
  assert.match(found.body, /ဦးသင်း/)
  assert.match((await post(bench.app, '/demo/phone/find', { lang: 'en', who: 'xyz' })).body, /Nobody/)
  const path = await choose(bench)
  assert.match(path, /^\/demo\/phone\/[0-9a-f]{32}$/)
  assert.match((await bench.app.inject(path)).body, /ဒေါ်ခင်မာလွင်/)
  assert.match((await bench.app.inject(`${path}?lang=en`)).body, /Daw Khin Mar Lwin/)
  assert.equal((await bench.app.inject(`/demo/phone/${'0'.repeat(32)}`)).statusCode, 404)
})

test('texts show as they came, safely, with our own links live, and rest sealed', async (t) => {
  const bench = await openPhoneBench(t)
  const path = await choose(bench)
  const at = Date.UTC(2026, 8, 12, 4, 12)
  const deliver = (text: string) => bench.phones.deliver({ to: KHIN.number, from: 'Ayeyar', text, at })
  await deliver('<script>alert(1)</script> http://localhost:8080/my. http://evil.example/my')
  await deliver('သင့်ကုဒ်မှာ ၄၈၂၉၁၃')
  await bench.phones.deliver({ to: THIN.number, from: 'Ayeyar', text: 'not hers', at })
  const { body } = await bench.app.inject(`${path}?lang=en`)
  assert.match(body, /&#60;script&#62;/)
  assert.match(body, /<a href="http:\/\/localhost:8080\/my">http:\/\/localhost:8080\/my<\/a>\./)
  assert.doesNotMatch(body, /<a href="http:\/\/evil|not hers/)
  assert.match(body, /lang="my">သင့်ကုဒ်မှာ/)
  assert.match(body, /12 September(,| at) 10:42/)
  assert.ok(body.indexOf('သင့်ကုဒ်') < body.indexOf('&#60;script'))
  assert.doesNotMatch(await bench.rows(), /9791204412|သင့်ကုဒ်|Khin|script/)
})

test('a text and a call show at once on an open page', async (t) => {
  const bench = await openPhoneBench(t)
  const path = await choose(bench)
  const controller = new AbortController()
  const stream = await fetch(`${bench.address}${path}/events`, { signal: controller.signal })
  assert.equal(stream.headers.get('content-type'), 'text/event-stream; charset=utf-8')
  assert.match(stream.headers.get('content-security-policy') ?? '', /default-src 'none'/)
  const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader()
  const nextEvent = async (): Promise<string> => {
    for (;;) {
      const { value = '' } = await reader.read()
      if (value.includes('event:')) return value
    }
  }
  await bench.phones.deliver({ to: KHIN.number, from: 'Ayeyar', text: 'hello', at: 1 })
  assert.match(await nextEvent(), /event: changed\ndata: \{\}/)
  await post(bench.app, `${path}/ring`, { lang: 'en', desk: 'M-17' })
  assert.match(await nextEvent(), /event: changed/)
  controller.abort()
})

test('the phone rings care, keys a PIN in, and hangs up', async (t) => {
  const bench = await openPhoneBench(t)
  const path = await choose(bench)
  const shown = async (): Promise<string> => (await bench.app.inject(`${path}/screen?lang=en`)).body
  assert.match(await shown(), /M-17 · Thiri, Mandalay/)
  assert.equal((await post(bench.app, `${path}/ring`, { lang: 'en', desk: 'X-1' })).statusCode, 404)
  await post(bench.app, `${path}/ring`, { lang: 'en', desk: 'M-17', spoofed: 'yes' })
  const live = await bench.telephony.liveCall(KHIN.number)
  assert.equal(live?.networkAsserted, false)
  assert.match(await shown(), /On the line with desk <b>M-17<\/b>/)
  const keyed: string[] = []
  bench.telephony.onDigits(async ({ digits }) => void keyed.push(digits))
  await bench.telephony.askDigits(live!.callId, { count: 6, ref: 'r', prompt: 'pin', language: 'my' })
  assert.match(await shown(), /သင့် PIN နံပါတ်ကို နှိပ်ပါ။[\s\S]*maxlength="6"/)
  await post(bench.app, `${path}/digits`, { lang: 'en', digits: '738261' })
  assert.deepEqual(keyed, ['738261'])
  await post(bench.app, `${path}/hang-up`, { lang: 'en' })
  assert.equal(await bench.telephony.liveCall(KHIN.number), null)
  assert.match(await shown(), /Ring care/)
})

test('another site cannot make a phone ring', async (t) => {
  const bench = await openPhoneBench(t)
  const path = await choose(bench)
  const answer = await bench.app.inject({
    method: 'POST',
    url: `${path}/ring`,
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'cross-site' },
    payload: 'lang=en&desk=M-17',
  })
  assert.equal(answer.statusCode, 403)
  assert.equal(bench.pbx.phone(KHIN.number).kind, 'idle')
})
