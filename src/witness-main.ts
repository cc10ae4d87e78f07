import { Command } from 'commander'
import { addWitnessCommand } from './commands/witness.ts'

/** `countersign witness` by itself: a process that loads nothing of the house whose log it witnesses. */
const program = new Command('countersign')
addWitnessCommand(program)
await program.parseAsync()
