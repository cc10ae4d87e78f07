import { randomBytes, randomInt } from 'node:crypto'
import { attack, nastyInputs, samples } from '../calls/decoder-attack.ts'
import { runRounds } from './parts/rounds.ts'

const INPUTS = 500

/** Attacks every decoder: bytes at random, and real and made files cut, changed, spliced and grown, 500 a round. */
export async function attackDecoders(rounds: number, say: (line: string) => void): Promise<void> {
  const files = samples()
  for (let round = 1; round <= rounds; round++) {
    for (let input = 0; input < INPUTS; input++) await attack(mutated(files))
    say(`round ${round}: ${INPUTS} inputs, each as its content says and as every format`)
  }
  for (const [name, make] of nastyInputs()) {
    await attack(make(), [null])
    say(`${name}: ends`)
  }
}

function mutated(files: readonly Buffer[]): Buffer {
  if (randomInt(10) === 0) return randomBytes(randomInt(1, 5000))
  const pick = (): Buffer => files[randomInt(files.length)]!
  const [whole, other] = [pick(), pick()]
  const parts = [whole.subarray(0, randomInt(whole.length + 1)), other.subarray(randomInt(other.length))]
  if (randomInt(3) === 0) parts.splice(1, 0, randomBytes(randomInt(1, 40)))
  const bytes = Buffer.concat(parts)
  for (let edits = randomInt(12); edits > 0 && bytes.length > 0; edits--)
    bytes[randomInt(bytes.length)] = randomInt(256)
  return bytes
}

if (import.meta.main) await runRounds('decoders', 100, attackDecoders)
