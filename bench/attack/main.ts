/**
 * `node bench/attack/main.ts [--json] [--quick] [--only ID,...] [--docs FILE]`: runs the attacks on copies of the demo that
 * `scripts/attack.mjs` has made, prints their table, and writes it between the markers of FILE; of some attacks only, in place
 * of their lines there.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { ATTACKS } from './attacks.ts'
import { runAttacks } from './run.ts'
import { BEGIN, END, tableOf, tableWith } from './table.ts'

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    docs: { type: 'string' },
  },
})
const cluster = process.env.COUNTERSIGN_TEST_PG
const shared = process.env.COUNTERSIGN_TEST_DIR
if (cluster === undefined || shared === undefined) throw new Error('run it with `npm run attack`')
const only = values.only?.split(',')
const wanted = ATTACKS.filter(
  ({ id, quick }) => (only?.some((one) => id.startsWith(one)) ?? true) && (!values.quick || quick === true),
)
const { outcomes, failed } = await runAttacks(wanted, { cluster, shared }, ({ id }) =>
  process.stderr.write(`${id}\n`),
)
process.stdout.write(values.json ? `${JSON.stringify(outcomes, null, 2)}\n` : `${tableOf(outcomes)}\n`)
if (values.docs !== undefined && failed.length === 0) {
  const page = readFileSync(values.docs, 'utf8')
  const [before, rest = ''] = page.split(BEGIN)
  const [table = '', after] = rest.split(END)
  if (after === undefined) throw new Error(`${values.docs} has no place for the table: ${BEGIN} and ${END}`)
  const told = only === undefined ? tableOf(outcomes) : tableWith(table, outcomes)
  writeFileSync(values.docs, `${before}${told}${after}`)
}
for (const error of failed) console.error(error)
process.exit(failed.length === 0 ? 0 : 1)
