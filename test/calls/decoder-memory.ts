import { readFileSync } from 'node:fs'
import { attack, nastyInputs } from './decoder-attack.ts'

/**
 * Run as a process of its own: reads the nasty inputs, one at a time, as their content says, and prints after each
 * by how many megabytes the process has at most grown since the start. What a process was given and gave back does
 * not show when it is used again, so only the highest mark of all is a bound, and it bounds each of them.
 */
await attack(Buffer.from('{"kind":"voice","start":1}'))
globalThis.gc?.()
const before = highestMegabytes()
const grown: Record<string, number> = {}
for (const [name, make] of nastyInputs()) {
  const began = performance.now()
  await attack(make(), [null])
  grown[name] = Math.round(highestMegabytes() - before)
  process.stderr.write(`${name}: ${Math.round(performance.now() - began)} ms\n`)
}
process.stdout.write(JSON.stringify(grown))

function highestMegabytes(): number {
  return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))![1]) / 1024
}
