import { useMutation } from '@tanstack/react-query'
import { useCallback, useEffect, useState } from 'react'
import { type Bill, care, type Grant, type Row, type Rows } from './api/care.ts'
import { Problem } from './api/client.ts'
import { useConnected, useEvents } from './events.tsx'

/** What one look has on the screen. Nothing of it is ever in a cache, in storage or in a URL. */
export interface Shown {
  readonly bill: Bill | null
  readonly rows: readonly Row[]
  readonly page: number
  readonly pages: number
  readonly band: Rows['band'] | null
}

const NOTHING: Shown = { bill: null, rows: [], page: 0, pages: 0, band: null }

export interface Look {
  readonly grant: Grant | null
  readonly shown: Shown
  /** Why the screen is blank: the look ended, or the line to the server is down. */
  readonly blank: 'ended' | 'lost' | null
  readonly billError: unknown
  readonly rowsError: unknown
  readonly busy: boolean
  readBill: () => void
  readRows: () => void
  /** Takes over a newer state of the grant that an answer brought. */
  renew: (grant: Grant) => void
  /** Puts a number in full into its row, under the customer's code. */
  unmask: (row: string, number: string) => void
}

/** Holds what a look shows, and drops it the moment the look ends, wherever the news comes from. */
export function useLook(fromContact: Grant | null): Look {
  const [grant, setGrant] = useState<Grant | null>(fromContact)
  const [shown, setShown] = useState<Shown>(NOTHING)
  const [ended, setEnded] = useState(false)
  const connected = useConnected()
  const id = fromContact?.id ?? null
  const serverState = fromContact?.state ?? null

  const drop = useCallback(() => {
    setShown(NOTHING)
    setEnded(true)
  }, [])
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another look, or its end, changes what is held
  useEffect(() => {
    setGrant(fromContact)
    if (serverState === 'active' || serverState === null) setEnded(false)
    else drop()
  }, [id, serverState])
  // biome-ignore lint/correctness/useExhaustiveDependencies: another look starts with nothing shown
  useEffect(() => setShown(NOTHING), [id])
  useEndsAt(grant, drop)
  useEvents((name, data) => {
    if (name === 'session-ended' || (name === 'grant-ended' && data.grantId === id)) drop()
  })

  const takeBill = useMutation({
    mutationFn: (grantId: string) => care.bill(grantId),
    gcTime: 0,
    onSuccess: (bill) => {
      setGrant(bill.grant)
      setShown((before) => ({ ...before, bill }))
    },
    onError: (error) => endIfOver(error, drop),
  })
  const takeRows = useMutation({
    mutationFn: ({ grantId, page }: { grantId: string; page: number }) => care.rows(grantId, page),
    gcTime: 0,
    onSuccess: (rows) => {
      setGrant(rows.grant)
      setShown((before) => ({
        ...before,
        rows: [...before.rows, ...rows.rows],
        page: rows.page,
        pages: rows.pages,
        band: rows.band,
      }))
    },
    onError: (error) => endIfOver(error, drop),
  })
  return {
    grant,
    shown: ended || !connected ? NOTHING : shown,
    blank: ended ? 'ended' : !connected && (shown.bill !== null || shown.rows.length > 0) ? 'lost' : null,
    billError: takeBill.error,
    rowsError: takeRows.error,
    busy: takeBill.isPending || takeRows.isPending,
    readBill: () => {
      if (id !== null) takeBill.mutate(id)
    },
    readRows: () => {
      if (id !== null) takeRows.mutate({ grantId: id, page: shown.page + 1 })
    },
    renew: setGrant,
    unmask: (row, number) =>
      setShown((before) => ({
        ...before,
        rows: before.rows.map((r) => (r.row === row ? { ...r, digits: number, unmasked: true } : r)),
      })),
  }
}

function endIfOver(error: unknown, drop: () => void): void {
  if (error instanceof Problem && (error.status === 401 || error.code === 'grant-ended')) drop()
}

function useEndsAt(grant: Grant | null, drop: () => void): void {
  const endsAt = grant?.state === 'active' ? grant.endsAt : null
  useEffect(() => {
    if (endsAt === null) return
    const timer = window.setTimeout(drop, Math.max(0, endsAt - Date.now()))
    return () => window.clearTimeout(timer)
  }, [endsAt, drop])
}
