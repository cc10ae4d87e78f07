import assert from 'node:assert/strict'
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT } from '../support/sources.ts'
import { runRounds } from './parts/rounds.ts'

/**
 * Makes the archive, and in a network namespace that has no way out, without the libraries that a small machine lacks,
 * with nothing in the environment: unpacks, installs, begins a real instance, asks the doctor, serves, asks for health
 * and pages, stops. Once as root and once as an ordinary user, each round.
 */
export async function installOffline(rounds: number, say: (line: string) => void): Promise<void> {
  assert.equal(process.getuid?.(), 0, 'a network namespace of its own takes root')
  const out = mkdtempSync(join(tmpdir(), 'countersign-package-out-'))
  try {
    const archive = await makeArchive(out)
    for (let round = 1; round <= rounds; round++)
      for (const user of [0, ORDINARY]) say(`round ${round}: ${await install(archive, user)}`)
  } finally {
    rmSync(out, { recursive: true, force: true })
  }
}

const ORDINARY = 12_345

async function makeArchive(out: string): Promise<string> {
  const script = join(ROOT, 'scripts', 'package.mjs')
  const made = spawnSync(process.execPath, [script, '--out', out], { encoding: 'utf8' })
  assert.equal(made.status, 0, made.stderr)
  const [name] = readdirSync(out).filter((file) => file.endsWith('.tar.gz'))
  const sums = spawnSync('sha256sum', ['--check', `${name}.sha256`], { cwd: out, encoding: 'utf8' })
  assert.equal(sums.status, 0, sums.stderr)
  return join(out, String(name))
}

async function install(archive: string, user: number): Promise<string> {
  const home = mkdtempSync(join(tmpdir(), 'countersign-offline-'))
  chmodSync(home, 0o755)
  const own = join(home, 'own')
  mkdirSync(own)
  cpSync(archive, join(home, 'archive.tar.gz'))
  chmodSync(join(home, 'archive.tar.gz'), 0o644)
  writeFileSync(join(home, 'passphrase'), randomBytes(18).toString('base64url'))
  writeFileSync(join(home, 'steps.sh'), STEPS)
  for (const path of [home, own, join(home, 'passphrase')]) spawnSync('chown', [String(user), path])
  try {
    const identity =
      user === 0 ? [] : ['setpriv', `--reuid=${user}`, `--regid=${user}`, '--clear-groups', '--inh-caps=-all']
    const program = [...identity, '/bin/sh', join(home, 'steps.sh'), home]
    // PostgreSQL wants its user to have a name.
    const names = `${readFileSync('/etc/passwd', 'utf8')}offline:x:${ORDINARY}:${ORDINARY}::/nowhere:/bin/sh\n`
    writeFileSync(join(home, 'passwd'), names)
    const begin =
      'mount --bind "$PASSWD" /etc/passwd && ip link set lo up && mount --bind /dev/null "$(readlink -f /lib/*/libatomic.so.1)" && exec "$@"'
    const said = await run(
      spawn('unshare', ['--net', '--mount', '/bin/sh', '-c', begin, 'sh', ...program], {
        env: { PATH: '/usr/bin:/bin:/usr/sbin:/sbin', HOME: own, PASSWD: join(home, 'passwd') },
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    )
    for (const line of EXPECTED) assert.match(said, line)
    return `${user === 0 ? 'root' : 'an ordinary user'}: installed, begun, served and stopped without a way out`
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
}

/** What a person would type, and what it must say; a step that fails ends it. */
const STEPS = `set -eu
umask 022
cd "$1/own"
# No way out: no route at all.
test -z "$(ip route show table main)"
tar -xzf ../archive.tar.gz
cd countersign-*
./install.sh --prefix "$1/own/opt" --bin "$1/own/bin"
cd "$1/own"
rm -rf countersign-*
countersign="$1/own/bin/countersign"
"$countersign" --version
"$countersign" init --data data --passphrase-fd 3 --administrator 'Daw Hla Hla' --administrator 'U Ba Maung' 3<../passphrase
"$countersign" doctor --data data --passphrase-fd 3 3<../passphrase || echo "doctor: $?"
export COUNTERSIGN_SMSC=smpp://countersign:secret@127.0.0.1:4799 COUNTERSIGN_SMS_FROM=4321
export COUNTERSIGN_TELEPHONY_URL=http://127.0.0.1:4798/ COUNTERSIGN_TELEPHONY_SECRET=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
"$countersign" serve --data data --port 4790 --passphrase-fd 3 3<../passphrase >served 2>&1 &
server=$!
node=$(echo "$1"/own/opt/current/node_modules/node-linux-*/bin/node)
LD_LIBRARY_PATH="$1/own/opt/current/lib" "$node" --input-type=module -e '
  const ask = async (path) => {
    const answer = await fetch("http://127.0.0.1:4790" + path, { headers: { accept: "text/html,application/json" } })
    return { status: answer.status, text: await answer.text() }
  }
  const { setTimeout: wait } = await import("node:timers/promises")
  for (let tries = 0; ; tries++) {
    try { await ask("/api/health"); break } catch (error) { if (tries > 600) throw error; await wait(200) }
  }
  for (const path of ["/api/health", "/", "/my/sign-in", "/transparency"]) {
    const { status, text } = await ask(path)
    console.log(path, status, text.length > 100 ? "text" : text)
  }
' || { cat served; exit 1; }
# It answers a little before it has said that it is up; only then a stop is a stop and not a start given up.
until grep -q 'http://localhost:4790' served; do kill -0 $server && sleep 0.2; done
kill -TERM $server
wait $server
echo "stopped: $?"
`
const EXPECTED = [
  /Countersign 0\.\d+\.\d+ .* is installed/,
  /^\/api\/health 200 /m,
  /^\/ 200 text$/m,
  /^\/my\/sign-in 200 text$/m,
  /^\/transparency 200 text$/m,
  /^stopped: 0$/m,
]

async function run(child: ChildProcess): Promise<string> {
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
  const status = await new Promise((resolve) => child.on('close', resolve))
  assert.equal(status, 0, said)
  return said
}

if (import.meta.main) await runRounds('package', 1, installOffline)
