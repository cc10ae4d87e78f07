// `npm start`: installs what is missing and serves the demo operator (`-- --data DIR --port N`).
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { findNode, inheritedStreams, installPackages, nodeEnvironment, ROOT } from './install.mjs'

installPackages({ everything: false })
const child = spawn(
  findNode(),
  [join(ROOT, 'src', 'main.ts'), 'serve', '--default-demo', ...process.argv.slice(2)],
  { cwd: process.cwd(), env: nodeEnvironment(), stdio: inheritedStreams(process.argv) },
)
// A terminal sends Ctrl-C to both; a service manager tells only us. Either way the server decides when it is done.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
child.on('error', (error) => {
  console.error(`could not start: ${error.message}`)
  process.exitCode = 1
})
child.on('close', (status, signal) => {
  process.exitCode = status ?? (signal === null ? 1 : 130)
})
