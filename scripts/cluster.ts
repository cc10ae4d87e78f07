/** Runs one PostgreSQL cluster until standard input ends: `node scripts/cluster.ts DIR fast|durable`. */
import { startCluster } from '../src/platform/embedded/cluster.ts'

const [dir, mode] = process.argv.slice(2)
if (dir === undefined) throw new Error('usage: cluster.ts DIR fast|durable')
const cluster = await startCluster({
  dir,
  settings: mode === 'durable' ? {} : { fsync: 'off', full_page_writes: 'off', max_connections: '200' },
})
process.stdout.write(`url ${cluster.url}\n`)
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {})
process.stdin.resume()
process.stdin.on('end', async () => {
  await cluster.stop()
  process.exit(0)
})
