import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useSyncExternalStore } from 'react'
import { readHead } from '../api/ledger.ts'
import { useEvents } from '../events.tsx'
import { formatAgo, formatCount } from '../format.ts'
import { useLanguage } from '../language.ts'
import { useNow } from '../now.ts'
import { useSession } from '../session.tsx'
import { lastWord } from '../ui/last-word.ts'

/** The quiet line under every desk: the ledger's head, when it was signed, and who countersigned it. */
export function Foot() {
  const { say, language } = useLanguage()
  const { operatorName } = useSession()
  const now = useNow(1000)
  const client = useQueryClient()
  const head = useQuery({ queryKey: ['ledger-head'], queryFn: readHead, refetchInterval: 15_000 })
  const last = useSyncExternalStore(lastWord.listen, lastWord.read)
  useEvents((name) => {
    if (name === 'ledger-head') void client.invalidateQueries({ queryKey: ['ledger-head'] })
  })
  // Whoever has just been told of a new entry of their own sees a head that has it.
  useEffect(() => {
    if (last !== '') void client.invalidateQueries({ queryKey: ['ledger-head'] })
  }, [last, client])
  if (head.data === undefined)
    return <footer className="foot">{head.isError ? say('foot.unknown') : say('state.loading')}</footer>
  const { size, at, countersigned } = head.data
  const entry = (count: number) => formatCount(Math.max(0, count - 1))
  const { by, of } = countersigned
  return (
    <footer className="foot">
      <span className={head.data.alarm ? 'stop' : 'proven'}>
        ●{' '}
        {countersigned.at === null
          ? say('foot.signed', {
              operator: operatorName,
              entry: entry(size),
              age: formatAgo(at, now, language),
            })
          : say('foot.countersigned', {
              count: by.length,
              of,
              entry: entry(countersigned.size),
              age: formatAgo(countersigned.at, now, language),
            })}
      </span>
      <span>{say('foot.head', { size: formatCount(size) })}</span>
      {of === 0 ? <span>{say('foot.unwitnessed')}</span> : null}
      {last ? <span className="last">{last}</span> : null}
    </footer>
  )
}
