import { once } from 'node:events'
import { createServer } from 'node:net'
import { invariant } from './coded-error.ts'

/** A port that nobody listens on now; somebody else may take it before the caller does. */
export async function freePort(host: '127.0.0.1' | 'localhost' = '127.0.0.1'): Promise<number> {
  const probe = createServer()
  probe.listen(0, host)
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  invariant(address !== null && typeof address !== 'string', 'a port is a number')
  return address.port
}
