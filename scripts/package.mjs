// `npm run package [-- --out DIR]`: one archive that installs and starts on a Debian machine without any registry, with
// its own Node and PostgreSQL inside. `-- --list` only says what goes into it.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  copyFileSync,
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { findNode, installPackages, ROOT } from './install.mjs'

/** What a server needs beside its packages; `web` is there because built pages are known by their sources. */
const OWN = [
  'LICENSE',
  'README.md',
  'SECURITY.md',
  'bin',
  'demo',
  'docs',
  'jurisdictions',
  'maps',
  'package-lock.json',
  'package.json',
  'policies',
  'scripts/install.mjs',
  'scripts/start.mjs',
  'src',
  'web',
]
/** Builds the pages, which the archive has built; or only helps whoever writes code. */
const LEFT_OUT =
  /^node_modules\/(vite|@vitejs|rolldown|@rolldown|lightningcss[a-z0-9-]*|@oxc-project|@types|typescript|@typescript)(\/|$)/

installPackages({ everything: false })
const args = process.argv.slice(2)
const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'))
const packages = runtimePackages()
if (args.includes('--list')) {
  console.log([...OWN, ...packages].join('\n'))
} else {
  const at = args.indexOf('--out')
  if (args.length > 0 && (at !== 0 || args.length !== 2)) {
    console.error('usage: npm run package [-- --out DIR | --list]')
    process.exit(64)
  }
  await makeArchive(resolve(at === 0 ? args[1] : join(ROOT, '.cache', 'package')))
}

/** Packages of the lock file that run a server, as they lie on this machine: nothing that only checks or builds. */
function runtimePackages() {
  const wanted = Object.entries(lock.packages)
    .filter(
      ([path, about]) =>
        path !== '' && about.dev !== true && about.devOptional !== true && !LEFT_OUT.test(path),
    )
    .map(([path]) => path)
    .filter((path) => existsSync(join(ROOT, path)))
    .sort()
  // A package inside another comes with it, unless it is one that stays out.
  return wanted.filter((path) => !wanted.some((other) => path.startsWith(`${other}/`)))
}

async function makeArchive(out) {
  const name = `countersign-${lock.version}-${process.platform}-${process.arch}`
  if (process.platform !== 'linux')
    throw new Error('the archive is made on Linux, for the kind of machine it is made on')
  const node = findNode()
  // Built and linked now: where it is installed, nobody may write.
  run(node, [join(ROOT, 'src', 'build-pages.ts')])
  run(node, [
    '-e',
    `await (await import('${join(ROOT, 'src/platform/embedded/binaries.ts')}')).findPostgres()`,
  ])
  mkdirSync(out, { recursive: true })
  const stage = mkdtempSync(join(tmpdir(), 'countersign-package-'))
  const archive = join(out, `${name}.tar.gz`)
  try {
    for (const file of ['countersign', 'install.sh']) {
      copyFileSync(join(ROOT, 'scripts', 'package', file), join(stage, file))
      chmodSync(join(stage, file), 0o755)
    }
    mkdirSync(join(stage, 'lib'))
    for (const library of spareLibraries(node)) copyFileSync(library, join(stage, 'lib', basename(library)))
    const digest = createHash('sha256')
      .update(readFileSync(join(ROOT, 'package-lock.json')))
      .digest('hex')
    mkdirSync(join(stage, 'node_modules'))
    writeFileSync(join(stage, 'node_modules', '.countersign-installed'), `run ${digest}`)
    writeFileSync(join(stage, 'VERSION'), `${lock.version}-${commitOf()}\n`)
    const renamed = `flags=rh;s,^\\(\\./\\)\\?,${name}/,`
    run('tar', [
      ...['--create', '--use-compress-program=gzip -n -6', `--file=${archive}.making`],
      ...[
        '--sort=name',
        '--owner=0',
        '--group=0',
        '--numeric-owner',
        '--mtime=@0',
        '--mode=u+rwX,go+rX,go-w',
      ],
      ...['--hard-dereference', '--exclude=*.map', '--exclude=.cache', `--transform=${renamed}`],
      ...['-C', stage, 'VERSION', 'countersign', 'install.sh', 'lib', 'node_modules'],
      ...['-C', ROOT, ...OWN, ...packages],
    ])
    renameSync(`${archive}.making`, archive)
  } finally {
    rmSync(stage, { recursive: true, force: true })
  }
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(archive)) hash.update(chunk)
  writeFileSync(`${archive}.sha256`, `${hash.digest('hex')}  ${name}.tar.gz\n`)
  console.log(archive)
}

/** Libraries that Node asks for and a small Debian machine does not have; the rest are part of every one. */
function spareLibraries(node) {
  const asked = spawnSync('ldd', [node], { encoding: 'utf8' }).stdout
  return [...asked.matchAll(/^\s*(libatomic\S*)(?: => (\S+))?/gm)].map(([, name, path]) => {
    if (path === undefined || !path.startsWith('/'))
      throw new Error(`${name} is needed and is not on this machine`)
    return path
  })
}

/** The commit it was made from, or of what: two archives of one version must not be taken for each other. */
function commitOf() {
  const git = (...what) => spawnSync('git', what, { cwd: ROOT, encoding: 'utf8' })
  const head = git('rev-parse', '--short=12', 'HEAD')
  if (head.status !== 0) return createHash('sha256').update(JSON.stringify(lock)).digest('hex').slice(0, 12)
  return `${head.stdout.trim()}${git('status', '--porcelain').stdout.trim() === '' ? '' : '-changed'}`
}

function run(program, what) {
  const result = spawnSync(program, what, { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] })
  if (result.status !== 0) throw new Error(`${program} ended with ${result.status ?? result.error?.message}`)
}
