import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { systemClock } from '../../src/platform/clock.ts'
import { createApp } from '../../src/platform/http/app.ts'
import { serveConsole } from '../../src/platform/http/console.ts'
import { createLog } from '../../src/platform/log.ts'

test('the console is at its own addresses and nowhere else, and no file outside is served', async (t) => {
  const dist = mkdtempSync(join(tmpdir(), 'console-'))
  t.after(() => rmSync(dist, { recursive: true }))
  const app = await createApp({
    log: createLog({ level: 'silent', clock: systemClock }),
    clock: systemClock,
    publicUrl: 'http://localhost:8080',
    operatorName: 'Test Mobile',
    demo: true,
    secureCookies: false,
  })
  t.after(() => app.close())
  await assert.rejects(serveConsole(app, dist), { code: 'console-not-built' })
  mkdirSync(join(dist, 'assets'))
  writeFileSync(join(dist, 'index.html'), '<title>Countersign</title>')
  writeFileSync(join(dist, 'assets', 'index-abc.js'), 'run()')
  writeFileSync(join(dist, 'mark.svg'), '<svg/>')
  await serveConsole(app, dist)
  const html = { accept: 'text/html,*/*' }
  for (const url of ['/', '/care', '/care/contacts/abc', '/people?office=yangon']) {
    const page = await app.inject({ url, headers: html })
    assert.equal(page.statusCode, 200, url)
    assert.match(page.body, /Countersign/)
    assert.equal(page.headers['cache-control'], 'no-cache')
    assert.match(String(page.headers['content-security-policy']), /script-src 'self'/)
  }
  const asset = await app.inject('/assets/index-abc.js')
  assert.match(String(asset.headers['cache-control']), /max-age=31536000, immutable/)
  assert.equal((await app.inject('/mark.svg')).statusCode, 200)
  for (const url of ['/api/none', '/my/none', '/log/none', '/demo', '/assets/none.js']) {
    const answer = await app.inject({ url, headers: html })
    assert.equal(answer.statusCode, 404, url)
  }
  for (const url of ['/assets/%2e%2e/%2e%2e/etc/passwd', '/assets/..%2f..%2fetc/passwd', '/../etc/passwd'])
    assert.doesNotMatch((await app.inject({ url, headers: html })).body, /root:/)
  assert.equal((await app.inject({ url: '/care', headers: { accept: 'application/json' } })).statusCode, 404)
})
