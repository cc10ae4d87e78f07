import assert from 'node:assert/strict'
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { ROOT } from '../support/sources.ts'
import { makeDirectory, runCountersign } from './run-countersign.ts'

const READ = ['--passphrase-fd', '0', '--json'] as const
const TARIFFS = {
  currency: 'MMK',
  versions: [
    {
      from: '2026-01-01',
      rules: [
        { id: 'own-network', kind: 'voice', to: ['own-network'], price: { per: 'second', milli: 400 } },
        { id: 'texts', kind: 'sms', price: { per: 'text', milli: 15_000 } },
      ],
      bundles: [{ id: 'hundred-minutes', rules: ['own-network'], free: 6000 }],
    },
  ],
}

interface Summary {
  added: string[]
  changed: string[]
  same: string[]
}

test('a price list and articles are taken over: tried, taken, taken again, changed, and refused where they are wrong', async (t) => {
  const dir = makeDirectory(t)
  const data = join(dir, 'data')
  const two = ['--administrator', 'Daw Hla Hla', '--administrator', 'U Ba Maung']
  const made = await runCountersign(['init', '--data', data, ...READ, ...two])
  assert.equal(made.status, 0, made.err)
  const take = async (kind: string, path: string, ...more: string[]): Promise<Summary> => {
    const ran = await runCountersign(['import', kind, path, '--data', data, ...READ, ...more])
    assert.equal(ran.status, 0, ran.err)
    return JSON.parse(ran.out)
  }
  const kept = join(data, 'tariffs.json')
  const list = join(dir, 'prices.json')
  writeFileSync(list, JSON.stringify(TARIFFS))

  const tried = await take('tariffs', list, '--dry-run')
  assert.deepEqual(tried.added, ['2026-01-01'])
  assert.equal(existsSync(kept), false, 'a dry run changes nothing')
  assert.deepEqual((await take('tariffs', list)).added, tried.added)
  assert.equal(readFileSync(kept, 'utf8'), JSON.stringify(TARIFFS))
  const { added, changed, same } = await take('tariffs', list)
  assert.deepEqual([added, changed, same], [[], [], tried.added])

  const wrong = join(dir, 'wrong.json')
  writeFileSync(wrong, JSON.stringify(TARIFFS).replace('"per"', '"pre"'))
  const refused = await runCountersign(['import', 'tariffs', wrong, '--data', data, ...READ])
  assert.equal(refused.status, 2)
  assert.match(refused.err, /wrong\.json/)
  assert.equal(readFileSync(kept, 'utf8'), JSON.stringify(TARIFFS), 'nothing was changed')

  const articles = join(dir, 'articles')
  mkdirSync(articles)
  for (const name of ['lost-sim.md', 'statement.md'])
    cpSync(`${ROOT}demo/articles/${name}`, join(articles, name))
  assert.deepEqual((await take('articles', articles)).added, ['lost-sim', 'statement'])
  const text = readFileSync(join(articles, 'statement.md'), 'utf8')
  writeFileSync(join(articles, 'statement.md'), `${text}\nမြန်မာ\n`)
  const again = await take('articles', articles)
  assert.deepEqual([again.added, again.changed, again.same], [[], ['statement'], ['lost-sim']])
})
