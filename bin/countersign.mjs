#!/usr/bin/env node
// The command line, on whatever Node is at hand: hands over to the pinned Node 26.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { findNode, inheritedStreams, installPackages, nodeEnvironment, ROOT } from '../scripts/install.mjs'

installPackages({ everything: false })
const child = spawn(findNode(), [join(ROOT, 'src', 'main.ts'), ...process.argv.slice(2)], {
  env: nodeEnvironment(),
  stdio: inheritedStreams(process.argv),
})
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
child.on('close', (status, signal) => {
  process.exitCode = status ?? (signal === null ? 1 : 130)
})
