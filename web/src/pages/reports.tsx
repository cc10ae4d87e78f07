import { NativeSelect } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { type ReportState, reports } from '../api/reports.ts'
import { useEvents } from '../events.tsx'
import { formatInstant } from '../format.ts'
import { useLanguage } from '../language.ts'
import { useOffice } from '../ui/office.ts'
import { Page } from '../ui/page.tsx'
import { Answer, Empty } from '../ui/state.tsx'

const STATES = ['filed', 'assigned', 'answered'] as const

/** What reports are filtered by; it stands in the URL. */
export interface ReportsSearch {
  state?: ReportState
}

/** Reads the filter from a URL. */
export function parseReportsSearch(search: Record<string, unknown>): ReportsSearch {
  const state = STATES.find((s) => s === search.state)
  return state === undefined ? {} : { state }
}

/** "That was not me": what customers reported, newest first. */
export function ReportsPage() {
  const { say, language } = useLanguage()
  const office = useOffice()
  const search = useSearch({ strict: false }) as ReportsSearch
  const navigate = useNavigate()
  const client = useQueryClient()
  const list = useQuery({ queryKey: ['reports', search.state], queryFn: () => reports.list(search.state) })
  useEvents((name) => {
    if (name === 'notice') void client.invalidateQueries({ queryKey: ['reports'] })
  })
  return (
    <Page title={say('reports.title')} lead={say('reports.lead')}>
      <div className="stack">
        <div className="fields narrow">
          <NativeSelect
            label={say('reports.filter')}
            value={search.state ?? ''}
            onChange={(event) => {
              const state = STATES.find((s) => s === event.currentTarget.value)
              void navigate({ to: '/reports', search: state === undefined ? {} : { state }, replace: true })
            }}
            data={[
              { value: '', label: say('list.all') },
              ...STATES.map((value) => ({ value, label: say(`report.${value}`) })),
            ]}
          />
        </div>
        <Answer query={list}>
          {({ reports: found }) =>
            found.length === 0 ? (
              <Empty says={say('reports.none')} />
            ) : (
              <ul className="list">
                {found.map((report) => (
                  <li key={report.id} className="line between">
                    <span className="line">
                      <Link to="/reports/$id" params={{ id: report.id }}>
                        {say('reports.number', { number: report.number })}
                      </Link>
                      <span className="small">{formatInstant(report.filedAt, language)}</span>
                      <span>
                        {report.deskName} <span className="small">{office(report.office)}</span>
                      </span>
                    </span>
                    <span className={`tag ${report.state === 'filed' ? 'stop' : ''}`}>
                      {say(`report.${report.state}`)}
                    </span>
                  </li>
                ))}
              </ul>
            )
          }
        </Answer>
      </div>
    </Page>
  )
}
