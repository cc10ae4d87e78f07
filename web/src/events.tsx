import { createContext, type ReactNode, useContext, useEffect, useRef, useState } from 'react'
import { Problem } from './api/client.ts'
import { readSession } from './api/session.ts'

/** What the server tells an open page; ids only, never anything private. */
const NAMES = [
  'session-ended',
  'grant-ended',
  'contact-changed',
  'call-event',
  'notice',
  'ledger-head',
  'resync',
] as const
export type EventName = (typeof NAMES)[number]
export type EventData = Readonly<Record<string, string | number>>
type Listener = (name: EventName, data: EventData) => void

interface Hub {
  listen: (listener: Listener) => () => void
  /** False from the moment that the line to the server is down. */
  connected: boolean
}

const Current = createContext<Hub>({ listen: () => () => {}, connected: false })

/** Holds the one event stream of a signed-in page. */
export function EventsProvider({
  on,
  onSessionEnded,
  children,
}: {
  on: boolean
  onSessionEnded: () => void
  children: ReactNode
}) {
  const listeners = useRef(new Set<Listener>())
  const ended = useRef(onSessionEnded)
  ended.current = onSessionEnded
  const [connected, setConnected] = useState(true)

  useEffect(() => {
    if (!on) return
    return openStream({
      tell: (name, data) => {
        for (const listener of listeners.current) listener(name, data)
        if (name === 'session-ended') ended.current()
      },
      connected: setConnected,
      ended: () => ended.current(),
    })
  }, [on])

  const [hub] = useState(() => (listener: Listener) => {
    listeners.current.add(listener)
    return () => void listeners.current.delete(listener)
  })
  return <Current.Provider value={{ listen: hub, connected }}>{children}</Current.Provider>
}

interface StreamSinks {
  tell: Listener
  connected: (is: boolean) => void
  ended: () => void
}

/** Opens the stream and reopens it when it breaks; a stream that is refused means the session is over. */
function openStream(sinks: StreamSinks): () => void {
  let source: EventSource | null = null
  let timer = 0
  let closed = false
  let broken = false
  const open = () => {
    source = new EventSource('/api/events')
    for (const name of NAMES)
      source.addEventListener(name, (event) =>
        sinks.tell(name, parseData((event as MessageEvent<string>).data)),
      )
    source.onopen = () => {
      sinks.connected(true)
      if (broken) sinks.tell('resync', {})
      broken = false
    }
    source.onerror = () => {
      broken = true
      sinks.connected(false)
      source?.close()
      void checkSession()
    }
  }
  const checkSession = async () => {
    try {
      if ((await readSession()) === null) return sinks.ended()
    } catch (error) {
      if (!(error instanceof Problem)) throw error
    }
    if (!closed) timer = window.setTimeout(open, 2000)
  }
  open()
  return () => {
    closed = true
    window.clearTimeout(timer)
    source?.close()
  }
}

function parseData(text: string): EventData {
  try {
    return JSON.parse(text) as EventData
  } catch {
    return {}
  }
}

/** Calls `listener` for every event while mounted. */
export function useEvents(listener: Listener): void {
  const { listen } = useContext(Current)
  const latest = useRef(listener)
  latest.current = listener
  useEffect(() => listen((name, data) => latest.current(name, data)), [listen])
}

/** Whether the server can tell this page that something ended. */
export function useConnected(): boolean {
  return useContext(Current).connected
}
