import type { FastifyReply, FastifyRequest } from 'fastify'

export interface EventStream {
  /** Sends one event; `data` is sent as JSON. Nothing happens after the stream was closed. */
  send(event: string, data: unknown): void
  /** Called once, when the browser or we close the stream. */
  onClose(listener: () => void): void
  /** Ends the stream from our side; the browser will come again by itself. */
  close(): void
}

/** A reader so slow that this much waits for it is cut off; it reconnects and reads its state anew. */
const MOST_BYTES_WAITING = 256 * 1024

/**
 * Answers with a stream of server-sent events (WHATWG HTML, 9.2). A comment goes out every
 * `heartbeatSeconds`, so that proxies keep the line and a dead one is noticed.
 */
export function openEventStream(
  request: FastifyRequest,
  reply: FastifyReply,
  options: { heartbeatSeconds: number },
): EventStream {
  reply.hijack()
  const raw = reply.raw
  for (const [name, value] of Object.entries(reply.getHeaders())) {
    if (value !== undefined) raw.setHeader(name, value)
  }
  raw.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  })
  raw.write('retry: 1000\n\n')
  const write = (text: string): void => {
    if (raw.writableEnded || raw.destroyed) return
    if (raw.writableLength > MOST_BYTES_WAITING) raw.destroy()
    else raw.write(text)
  }
  const heartbeat = setInterval(() => write(': still here\n\n'), options.heartbeatSeconds * 1000)
  heartbeat.unref()
  const listeners: (() => void)[] = []
  let closed = false
  request.raw.socket.once('close', onClosed)
  raw.once('close', onClosed)
  function onClosed(): void {
    if (closed) return
    closed = true
    clearInterval(heartbeat)
    for (const listener of listeners) listener()
  }
  return {
    send: (event, data) => write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`),
    onClose: (listener) => {
      if (closed) listener()
      else listeners.push(listener)
    },
    close: () => {
      raw.end()
    },
  }
}
