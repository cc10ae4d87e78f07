import { parseArgs } from 'node:util'

/** Runs a trial's rounds when its file is started by itself, and says how each went; a round that throws ends it. */
export async function runRounds(
  name: string,
  standard: number,
  trial: (rounds: number, say: (line: string) => void) => Promise<void>,
): Promise<void> {
  const { values } = parseArgs({ options: { rounds: { type: 'string', default: String(standard) } } })
  const rounds = Number(values.rounds)
  const begin = performance.now()
  await trial(rounds, (line) => console.log(`${name}: ${line}`))
  console.log(`${name}: ${rounds} rounds, nothing broke, ${Math.round((performance.now() - begin) / 1000)} s`)
}
