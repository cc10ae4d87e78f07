import { createHash } from 'node:crypto'
import { callFiles, makeWorld } from '../../demo/calls.ts'
import { planPast } from '../../demo/contacts.ts'

/** Prints a digest of everything that the generator makes of a seed and a moment: run in a process of its own. */
const [seed, now] = process.argv.slice(2)
const world = makeWorld(String(seed), Number(now))
const hash = createHash('sha256')
hash.update(JSON.stringify([world.people, planPast(world)]))
for (const { name, text } of callFiles(world)) hash.update(name).update(text)
process.stdout.write(hash.digest('hex'))
