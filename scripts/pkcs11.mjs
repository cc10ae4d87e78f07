// `npm run pkcs11`: compiles the way to an HSM, which is optional and comes as source; with the compiler of this machine
// and the headers of the pinned Node, so that nothing is downloaded. The tests also take SoftHSM from Debian.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { installPackages, ROOT } from './install.mjs'

const PACKAGE = join(ROOT, 'node_modules', 'pkcs11js')
const COMPILED = join(PACKAGE, 'build', 'Release', 'pkcs11.node')
const NODE = join(ROOT, 'node_modules', `node-${process.platform}-${process.arch}`)
const SOFTHSM = '/usr/lib/softhsm/libsofthsm2.so'

/** Compiles `pkcs11js` where it is not yet. Exits with what is missing. */
export function compilePkcs11() {
  if (existsSync(COMPILED)) return
  if (!existsSync(PACKAGE))
    fail('The package pkcs11js is not there: npm left it out, as it may with optional ones.')
  console.log('Compiling pkcs11js …')
  const headers = existsSync(join(NODE, 'include', 'node')) ? [`--nodedir=${NODE}`] : []
  const made = spawnSync(
    'npm',
    ['rebuild', 'pkcs11js', '--ignore-scripts=false', '--loglevel=error', ...headers],
    {
      cwd: ROOT,
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  )
  if (made.status !== 0 || !existsSync(COMPILED))
    fail(
      'pkcs11js could not be compiled: it takes g++, make and python3 (sudo apt-get install g++ make python3).',
    )
}

/** What the tests with an HSM need: SoftHSM, which they install as root on Debian, and `pkcs11js` compiled. */
export function ensureSoftHsm() {
  if (!existsSync(SOFTHSM) && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    console.log('Installing from Debian: softhsm2 …')
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    const apt = (...args) => spawnSync('apt-get', args, { env, stdio: ['ignore', 'ignore', 'inherit'] })
    apt('update', '-qq')
    apt('install', '-y', '-qq', '--no-install-recommends', 'softhsm2')
  }
  if (!existsSync(SOFTHSM)) fail('The tests need SoftHSM. Run: sudo apt-get install softhsm2')
  compilePkcs11()
}

function fail(words) {
  console.error(words)
  process.exit(1)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  installPackages({ everything: false })
  compilePkcs11()
  console.log('The way to an HSM is compiled. What to set: docs/keys.md')
}
