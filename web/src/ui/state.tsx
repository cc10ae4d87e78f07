import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Problem } from '../api/client.ts'
import { useLanguage } from '../language.ts'
import { type Said, useSaid } from '../said.ts'
import { Act } from './act.tsx'

/** Bones of a page while its first answer is on the way. */
export function Loading() {
  const { say } = useLanguage()
  return (
    <div role="status" aria-label={say('state.loading')}>
      <div className="bone bone-a" />
      <div className="bone bone-b" />
      <div className="bone bone-c" />
    </div>
  )
}

/** Nothing here, said in words, with what would put something here. */
export function Empty({ says, next, children }: { says: string; next?: string; children?: ReactNode }) {
  return (
    <div className="state">
      <p>{says}</p>
      {next ? <p className="small">{next}</p> : null}
      {children}
    </div>
  )
}

/** A refusal (the rules say no) or a failure (something broke), each in its own words with what to do next. */
export function Trouble({ error, retry }: { error: unknown; retry?: () => void }) {
  const { say } = useLanguage()
  const problem = error instanceof Problem ? error : null
  const refused = problem?.refused ?? false
  const said = useSaid()
  const own = (text: string): Said => ({ text, lang: undefined })
  const says = problem?.message
    ? said(problem.message)
    : own(problem?.status === 0 ? say('state.offline') : say('state.failed'))
  const next = problem?.next ? said(problem.next) : own(say('state.failedNext'))
  return (
    <div className={`state ${refused ? 'refused' : 'failed'}`} role="alert">
      {refused ? <p className="stop small">{say('state.refused')}</p> : null}
      <p lang={says.lang}>{says.text}</p>
      <p className="small" lang={next.lang}>
        {next.text}
      </p>
      {retry && !refused ? <Act onClick={retry}>{say('state.retry')}</Act> : null}
    </div>
  )
}

/** Shows a query's answer, or where it stands: loading, refused, failed. */
export function Answer<T>({
  query,
  children,
}: {
  query: UseQueryResult<T>
  children: (data: T) => ReactNode
}) {
  if (query.isPending) return <Loading />
  if (query.isError && query.data === undefined)
    return <Trouble error={query.error} retry={() => void query.refetch()} />
  return <>{children(query.data as T)}</>
}
