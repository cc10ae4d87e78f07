import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type AlertLine, type WatchView, watch } from '../api/watch.ts'
import { useEvents } from '../events.tsx'
import { formatCount, formatDay, formatInstant } from '../format.ts'
import { useLanguage } from '../language.ts'
import { useOffice } from '../ui/office.ts'
import { Page } from '../ui/page.tsx'
import { Answer, Empty, Loading, Trouble } from '../ui/state.tsx'
import { WatchAside } from './watch-aside.tsx'
import { AlertCardParts } from './watch-card.tsx'

/** The morning's list: the few looks worth a question, each with its reasons. */
export function WatchPage() {
  const { say } = useLanguage()
  const client = useQueryClient()
  const view = useQuery({ queryKey: ['watch'], queryFn: watch.view, refetchInterval: 15_000 })
  useEvents((name) => {
    if (name === 'notice' || name === 'resync') void client.invalidateQueries({ queryKey: ['watch'] })
  })
  if (view.data === undefined)
    return (
      <Page title={say('watch.name')}>
        {view.isError ? <Trouble error={view.error} retry={() => void view.refetch()} /> : <Loading />}
      </Page>
    )
  return <WatchParts view={view.data} />
}

function WatchParts({ view }: { view: WatchView }) {
  const { say, language } = useLanguage()
  const { alerts, day } = view
  const values = { count: alerts.length, looks: formatCount(day.looks) }
  const title =
    alerts.length === 0
      ? say('watch.titleNone', values)
      : alerts.length === 1
        ? say('watch.titleOne', values)
        : say('watch.title', values)
  const lead = say('watch.lead', {
    day: formatDay(day.from, language),
    explained: formatCount(day.explained),
    looks: formatCount(day.looks),
    rare: day.rare,
  })
  return (
    <Page title={title} lead={lead}>
      <div className="watch">
        <div className="stack">
          {alerts.length === 0 ? (
            <Empty says={say('watch.none')} next={say('watch.noneNext')} />
          ) : (
            <ul className="alerts">
              {alerts.map((alert, at) => (
                <Alert key={alert.id} alert={alert} first={at === 0} />
              ))}
            </ul>
          )}
          <p className="small">{say('watch.who')}</p>
        </div>
        <WatchAside view={view} />
      </div>
    </Page>
  )
}

/** The first card lies open; the others open when somebody wants to know, because that is recorded. */
function Alert({ alert, first }: { alert: AlertLine; first: boolean }) {
  const { say, pick, language } = useLanguage()
  const office = useOffice()
  const query = useQuery({
    queryKey: ['watch-card', alert.id],
    queryFn: () => watch.open(alert.id),
    enabled: first,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
  })
  const why = alert.why === 'hard' ? say('watch.hard') : pick(alert.odds)
  const facts = [
    formatInstant(alert.at, language),
    office(alert.office),
    why,
    ...(alert.why === 'audit' ? [say('watch.audit')] : []),
    ...(alert.looks > 1 ? [say('watch.looks', { count: alert.looks })] : []),
    ...(alert.supervisor ? [say('watch.supervisor')] : []),
  ]
  return (
    <li className={`card alert ${alert.why === 'hard' ? 'hard' : ''}`}>
      <h2>{pick(alert.headline)}</h2>
      <p className="small">{facts.join(' · ')}</p>
      {query.data === undefined && !query.isFetching && !query.isError ? (
        <button type="button" className="plain-link" onClick={() => void query.refetch()}>
          {say('watch.open')}
        </button>
      ) : (
        <Answer query={query}>{(card) => <AlertCardParts card={card} />}</Answer>
      )}
    </li>
  )
}
