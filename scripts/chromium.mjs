// Finds the system's Chromium for the browser tests; as root on Debian it installs it, and what else tests need.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

const PACKAGES = ['age', 'chromium', 'fonts-noto-core', 'poppler-utils', 'postgresql']
/** What must be there besides the browser: another implementation of age, a reader of PDF, and an operator's own PostgreSQL. */
const BESIDES = ['/usr/bin/age-keygen', '/usr/bin/pdftotext', '/usr/lib/postgresql']
const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** The path of a Chromium. Exits with what to do when there is none. */
export function ensureChromium() {
  const found = process.env.CHROMIUM ?? PLACES.find((path) => existsSync(path))
  if (found !== undefined && BESIDES.every((path) => existsSync(path))) return found
  const isRoot = process.getuid?.() === 0
  if (isRoot && existsSync('/usr/bin/apt-get')) {
    console.log(`Installing from Debian: ${PACKAGES.join(', ')} …`)
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    const apt = (...args) => spawnSync('apt-get', args, { env, stdio: ['ignore', 'ignore', 'inherit'] })
    apt('update', '-qq')
    apt('install', '-y', '-qq', '--no-install-recommends', ...PACKAGES)
    const installed = PLACES.find((path) => existsSync(path))
    if (installed !== undefined && BESIDES.every((path) => existsSync(path))) return installed
  }
  console.error(
    `The tests need a browser, age, poppler and a PostgreSQL of Debian's. Run: sudo apt-get install ${PACKAGES.join(' ')}`,
  )
  process.exit(1)
}
