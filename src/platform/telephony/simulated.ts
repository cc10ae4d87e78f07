import { createHash, timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Compile } from 'typebox/compile'
import type { Clock, RandomBytes } from '../clock.ts'
import type { Language } from '../words.ts'
import { post, TelephonyCommand, type TelephonyEvent } from './protocol.ts'

/** What one phone is doing. */
export type PhoneState =
  | { readonly kind: 'idle' }
  /** Care calls this phone; it may answer. */
  | { readonly kind: 'called'; readonly callId: string; readonly desk: string }
  | {
      readonly kind: 'talking'
      readonly callId: string
      readonly desk: string
      readonly since: number
      /** Set while the caller is asked to key something in. */
      readonly prompt: {
        readonly count: number
        readonly of: 'pin' | 'code'
        readonly language: Language
      } | null
    }

/** A telephony system for the demo and the tests: real HTTP, simulated phones. */
export interface SimulatedPbx {
  /** Where it takes commands. */
  readonly url: string
  /** The phone rings care; a desk's line answers at once. Gives the call's id. */
  ring(number: string, desk: string, options?: { networkAsserted?: boolean }): Promise<string>
  hangUp(number: string): Promise<void>
  /** Keys digits in, where a prompt waits for that many. Gives false when none does. */
  keyDigits(number: string, digits: string): Promise<boolean>
  answerCallBack(number: string): Promise<void>
  declineCallBack(number: string): Promise<void>
  phone(number: string): PhoneState
  /** Told whenever the state of `number` changes. Returns: stops listening. */
  onChange(listener: (number: string) => void): () => void
  close(): Promise<void>
}

export interface SimulatedPbxOptions {
  /** 0: a free one. */
  readonly port: number
  readonly secret: Buffer
  readonly clock: Clock
  readonly random: RandomBytes
  /** Where our server takes events; asked for at each event, so the PBX may start first. */
  readonly eventsUrl: () => string
}

interface Line {
  readonly callId: string
  readonly number: string
  readonly desk: string
  readonly networkAsserted: boolean
  /** Of the call back, when we ring the phone. */
  readonly callBackRef: string | null
  readonly since: number
  readonly talking: boolean
  readonly prompt: { count: number; of: 'pin' | 'code'; language: Language; ref: string } | null
}

const MOST_BODY_BYTES = 4_096
const isCommand = Compile(TelephonyCommand)

/** Starts the simulated telephony system on localhost. */
export async function startSimulatedPbx(options: SimulatedPbxOptions): Promise<SimulatedPbx> {
  const lines = new Map<string, Line>()
  const calledBack = new Set<string>()
  const listeners = new Set<(number: string) => void>()
  const set = (number: string, line: Line | null): void => {
    if (line === null) lines.delete(number)
    else lines.set(number, line)
    for (const listener of listeners) listener(number)
  }
  const newLine = (number: string, desk: string, more: Partial<Line>): Line => ({
    callId: Buffer.from(options.random(12)).toString('hex'),
    number,
    desk,
    networkAsserted: true,
    callBackRef: null,
    since: options.clock.now(),
    talking: false,
    prompt: null,
    ...more,
  })
  const tell = (
    line: Line,
    event: TelephonyEvent['event'],
    more: Partial<TelephonyEvent> = {},
  ): Promise<void> => {
    const { callId, number, desk, networkAsserted } = line
    const at = options.clock.now()
    return post(options.eventsUrl(), options.secret, {
      event,
      callId,
      number,
      desk,
      networkAsserted,
      at,
      ...more,
    })
  }
  const obey = (command: TelephonyCommand): number => {
    if (command.command === 'ask-digits') {
      const line = [...lines.values()].find((candidate) => candidate.callId === command.callId)
      if (line === undefined || !line.talking) return 410
      const { count, prompt: of, language, ref } = command
      set(line.number, { ...line, prompt: { count, of, language, ref } })
      return 204
    }
    if (calledBack.has(command.ref)) return 204
    calledBack.add(command.ref)
    const line = newLine(command.number, command.desk, { callBackRef: command.ref })
    if (lines.has(command.number)) tell(line, 'call-back-failed', { ref: command.ref }).catch(() => {})
    else set(command.number, line)
    return 204
  }
  const server = await listen(options, obey)
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/commands`,
    ...phoneActions({ lines, set, newLine, tell }),
    phone: (number) => stateOf(lines.get(number)),
    onChange: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close: async () => {
      server.closeAllConnections()
      const closed = once(server, 'close')
      server.close()
      await closed
    },
  }
}

interface Exchange {
  readonly lines: ReadonlyMap<string, Line>
  set(number: string, line: Line | null): void
  newLine(number: string, desk: string, more: Partial<Line>): Line
  tell(line: Line, event: TelephonyEvent['event'], more?: Partial<TelephonyEvent>): Promise<void>
}

function phoneActions({
  lines,
  set,
  newLine,
  tell,
}: Exchange): Pick<SimulatedPbx, 'ring' | 'hangUp' | 'keyDigits' | 'answerCallBack' | 'declineCallBack'> {
  const waiting = (number: string): (Line & { callBackRef: string }) | null => {
    const line = lines.get(number)
    return line?.talking === false && line.callBackRef !== null
      ? { ...line, callBackRef: line.callBackRef }
      : null
  }
  return {
    ring: async (number, desk, { networkAsserted = true } = {}) => {
      const before = lines.get(number)
      if (before !== undefined) return before.callId
      const line = newLine(number, desk, { networkAsserted, talking: true })
      await tell(line, 'ringing')
      await tell(line, 'answered')
      set(number, line)
      return line.callId
    },
    hangUp: async (number) => {
      const line = lines.get(number)
      if (line === undefined) return
      set(number, null)
      await tell(line, 'ended')
    },
    keyDigits: async (number, digits) => {
      const line = lines.get(number)
      if (!line?.prompt || !new RegExp(`^[0-9]{${line.prompt.count}}$`).test(digits)) return false
      set(number, { ...line, prompt: null })
      await tell(line, 'digits', { ref: line.prompt.ref, digits })
      return true
    },
    answerCallBack: async (number) => {
      const line = waiting(number)
      if (line === null) return
      await tell(line, 'call-back-answered', { ref: line.callBackRef })
      set(number, { ...line, talking: true })
    },
    declineCallBack: async (number) => {
      const line = waiting(number)
      if (line === null) return
      set(number, null)
      await tell(line, 'call-back-failed', { ref: line.callBackRef })
    },
  }
}

function stateOf(line: Line | undefined): PhoneState {
  if (line === undefined) return { kind: 'idle' }
  const { callId, desk, since, prompt } = line
  if (!line.talking) return { kind: 'called', callId, desk }
  return {
    kind: 'talking',
    callId,
    desk,
    since,
    prompt: prompt === null ? null : { count: prompt.count, of: prompt.of, language: prompt.language },
  }
}

async function listen(
  options: SimulatedPbxOptions,
  obey: (command: TelephonyCommand) => number,
): Promise<Server> {
  const server = createServer(async (request, response) => {
    const body = await readBody(request).catch(() => null)
    const command = body === null || !mayCommand(request, options.secret) ? null : parseCommand(body)
    response.writeHead(command === null ? 400 : obey(command)).end()
  })
  server.listen(options.port, '127.0.0.1')
  await once(server, 'listening')
  return server
}

function mayCommand(request: IncomingMessage, secret: Buffer): boolean {
  const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest()
  const expected = sha256(`Bearer ${secret.toString('base64url')}`)
  return timingSafeEqual(sha256(request.headers.authorization ?? ''), expected)
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    size += (chunk as Buffer).length
    if (size > MOST_BODY_BYTES) throw new RangeError('the command is too long')
    chunks.push(chunk as Buffer)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function parseCommand(body: string): TelephonyCommand | null {
  try {
    const value: unknown = JSON.parse(body)
    return isCommand.Check(value) ? value : null
  } catch {
    return null
  }
}
