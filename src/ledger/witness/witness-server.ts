import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { CodedError } from '../../platform/coded-error.ts'
import { describeError } from '../../platform/http/problem.ts'
import type { Log } from '../../platform/log.ts'
import { encodeBase64 } from '../base64.ts'
import type { Witness } from './witness.ts'

export interface WitnessServer {
  readonly port: number
  close(): Promise<void>
}

/** 63 hashes and a checkpoint with a hundred signatures fit. */
const MAX_BODY_BYTES = 16 * 1024
const MAX_CONNECTIONS = 500
const HEADERS_MS = 5_000
const REQUEST_MS = 10_000
const KEEP_ALIVE_MS = 60_000

/**
 * Serves a witness over plain HTTP: `POST /add-checkpoint`, and at `/` who it is and what it has seen. It has no
 * accounts: whoever asks, only a log's own signature counts. Put a TLS proxy in front of it outside one machine.
 */
export async function serveWitness(
  witness: Witness,
  options: { host: string; port: number; log: Log },
): Promise<WitnessServer> {
  const { host, port, log } = options
  const server = createServer(
    { requestTimeout: REQUEST_MS, headersTimeout: HEADERS_MS, keepAliveTimeout: KEEP_ALIVE_MS },
    (request, response) => {
      answer(witness, request, response, log).catch((error: unknown) => {
        log.error(describeError(error), 'the witness could not answer')
        send(response, 500, 'text/plain; charset=utf-8', 'the witness could not store what it saw\n')
      })
    },
  )
  server.maxConnections = MAX_CONNECTIONS
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      reject(
        cause.code === 'EADDRINUSE'
          ? new CodedError('address-in-use', `something else listens on port ${port}: use another --port`, {
              cause,
            })
          : cause,
      ),
    )
    server.listen(port, host, resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

async function answer(
  witness: Witness,
  request: IncomingMessage,
  response: ServerResponse,
  log: Log,
): Promise<void> {
  const text = 'text/plain; charset=utf-8'
  const [path] = (request.url ?? '/').split('?')
  if (path === '/' && (request.method === 'GET' || request.method === 'HEAD'))
    return send(response, 200, text, introduce(witness))
  if (path !== '/add-checkpoint') return send(response, 404, text, 'there is nothing at this address\n')
  if (request.method !== 'POST') {
    response.setHeader('allow', 'POST')
    return send(response, 405, text, 'send a POST\n')
  }
  const body = await readBody(request)
  if (body === null) {
    response.setHeader('connection', 'close')
    return send(response, 413, text, 'the request is larger than 16 KiB\n')
  }
  const asked = decode(body)
  if (asked === null) return send(response, 400, text, 'the request is not UTF-8\n')
  const said = witness.addCheckpoint(asked)
  if (said.status === 422)
    log.warn({ status: said.status }, 'a log that signed what does not fit what was seen')
  return send(response, said.status, said.type, said.body)
}

function introduce({ key, seen }: Witness): string {
  const lines = seen().map(
    ({ origin, size, root, seconds }) =>
      `${origin}\n  size ${size}\n  root ${encodeBase64(root)}\n  at ${new Date(seconds * 1000).toISOString()}\n`,
  )
  return `${key.verifierKey}\n\nA witness (C2SP tlog-witness). Newest tree cosigned, by log:\n\n${lines.join('\n')}`
}

/** Null when it is too large. */
async function readBody(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > MAX_BODY_BYTES) return null
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function decode(body: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body)
  } catch {
    return null
  }
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  if (response.headersSent || response.destroyed) return
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  })
  response.end(body)
}
