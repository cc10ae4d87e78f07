import { useQuery, useQueryClient } from '@tanstack/react-query'
import { createContext, type ReactNode, useCallback, useContext, useEffect, useState } from 'react'
import type { Action } from '../../src/staff/actions.ts'
import { readSession, type Session } from './api/session.ts'
import { EventsProvider } from './events.tsx'
import { Loading, Trouble } from './ui/state.tsx'

interface SessionState {
  session: Session | null
  /** True after a session ended while its pages were open. */
  ended: boolean
  /** Forgets everything on the screen and in memory, at once. */
  end: (because: 'ended' | 'signed-out') => void
  /** Reads the session again: after signing in, or when something about the person changed. */
  renew: () => Promise<void>
}

const Current = createContext<SessionState | null>(null)

/** Loads the session before any page, and empties the screen the moment it ends. */
export function SessionProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient()
  const [ended, setEnded] = useState(false)
  const query = useQuery({ queryKey: ['session'], queryFn: readSession, staleTime: 30_000, retry: 1 })
  const session = query.data ?? null

  const end = useCallback(
    (because: 'ended' | 'signed-out') => {
      setEnded(because === 'ended')
      client.setQueryData(['session'], null)
      client.removeQueries({ predicate: (q) => q.queryKey[0] !== 'session' })
    },
    [client],
  )
  const renew = useCallback(async () => {
    setEnded(false)
    await client.fetchQuery({ queryKey: ['session'], queryFn: readSession, staleTime: 0 })
  }, [client])

  const id = session?.person.id
  useEffect(() => {
    if (id === undefined) client.removeQueries({ predicate: (q) => q.queryKey[0] !== 'session' })
  }, [id, client])

  if (query.isPending) return <Loading />
  if (query.isError) return <Trouble error={query.error} retry={() => void query.refetch()} />
  return (
    <Current.Provider value={{ session, ended, end, renew }}>
      <EventsProvider on={session !== null} onSessionEnded={() => end('ended')}>
        {children}
      </EventsProvider>
    </Current.Provider>
  )
}

/** The session and what ends or renews it. */
export function useSessionState(): SessionState {
  const state = useContext(Current)
  if (state === null) throw new Error('invariant broken: outside SessionProvider')
  return state
}

/** The signed-in person; pages behind the frame always have one. */
export function useSession(): Session {
  const { session } = useSessionState()
  if (session === null) throw new Error('invariant broken: a desk is shown only to a signed-in person')
  return session
}

/** Whether the signed-in person may have this action at all. */
export function useMay(): (action: Action) => boolean {
  const { actions } = useSession()
  return (action) => actions.includes(action)
}
