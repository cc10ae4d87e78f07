/** Fills the demo that browser tests copy: `node scripts/demo-template.ts CLUSTER-URL DIR`. */
import { join } from 'node:path'
import pg from 'pg'
import { fillDemo } from '../src/demo-instance.ts'
import { systemClock } from '../src/platform/clock.ts'
import { readConfig } from '../src/platform/config.ts'
import { createLog } from '../src/platform/log.ts'
import { openServingWorld } from '../src/world.ts'

const [cluster, dir] = process.argv.slice(2)
if (cluster === undefined || dir === undefined) throw new Error('usage: demo-template.ts CLUSTER-URL DIR')
const client = new pg.Client({ connectionString: cluster })
await client.connect()
await client.query('CREATE DATABASE demo_template')
await client.end()
const url = new URL(cluster)
url.pathname = '/demo_template'
const config = readConfig({ DATABASE_URL: url.href }, { data: join(dir, 'demo', 'data') })
const world = await openServingWorld({ config, born: 'demo' })
await fillDemo(world, config, createLog({ level: 'warn', clock: systemClock }), () => {})
await world.close()
