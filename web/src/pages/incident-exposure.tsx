import { useMutation } from '@tanstack/react-query'
import { type Exposure, type Incident, incidents } from '../api/incidents.ts'
import { formatCount, formatInstant, formatMonth } from '../format.ts'
import { useLanguage } from '../language.ts'
import { Act } from '../ui/act.tsx'
import { Trouble } from '../ui/state.tsx'

type Person = Incident['involved'][number]

/** What somebody was shown, and what not: opened on a click, since every opening is an entry. */
export function ExposureOf({ id, person }: { id: string; person: Person }) {
  const { say } = useLanguage()
  const reading = useMutation({
    mutationFn: () => incidents.exposure(id, { person: person.staff, from: 0, until: Date.now() }),
    gcTime: 0,
  })
  const desk = person.deskName
  if (reading.data !== undefined) return <Exposed found={reading.data} />
  return (
    <div className="stack tight">
      <p className="small">{say('incident.exposureTell', { desk })}</p>
      <Act busy={reading.isPending} onClick={() => reading.mutate()}>
        {say('incident.exposureRead', { desk })}
      </Act>
      {reading.isError ? <Trouble error={reading.error} /> : null}
    </div>
  )
}

function Exposed({ found }: { found: Exposure }) {
  const { say, language } = useLanguage()
  const { totals } = found
  const figures = [
    ['customers', totals.customers],
    ['rows', totals.rows],
    ['digits', totals.digitsMost],
    ['full', totals.fullNumbers],
    ['people', totals.people],
  ] as const
  return (
    <div className="stack">
      <h3>{say('incident.exposure')}</h3>
      <table>
        <tbody>
          {figures.map(([what, n]) => (
            <tr key={what}>
              <th scope="row">{say(`incident.exposed.${what}`)}</th>
              <td>{formatCount(n)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <h3>{say('incident.not')}</h3>
      <table>
        <tbody>
          {found.not.map(({ what, because, count, months }) => (
            <tr key={what}>
              <th scope="row">
                {say(`incident.not.${what}`, {
                  count: formatCount(count ?? 0),
                  months: (months ?? []).map((month) => formatMonth(month, language)).join(', '),
                })}
              </th>
              <td>{say(`incident.because.${because}`)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <ul className="plain-list">
        {found.customers.map((customer) => (
          <li key={customer.looks[0]?.grant}>
            <b>{customer.number ?? say('incident.noNumber')}</b>
            {customer.looks.map((look) => (
              <p key={look.grant} className="small">
                {say('incident.exposedLook', {
                  month: formatMonth(look.month, language),
                  rows: formatCount(look.rows.length),
                  total: formatCount(look.rowsTotal ?? 0),
                  at: formatInstant(look.at, language),
                })}
              </p>
            ))}
          </li>
        ))}
      </ul>
      <p className="small">{say('incident.exposedStand', { count: formatCount(found.disclosures) })}</p>
    </div>
  )
}
