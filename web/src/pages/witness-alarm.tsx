import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { readHead } from '../api/ledger.ts'
import { formatInstant } from '../format.ts'
import { useLanguage } from '../language.ts'

/** Over every desk, for everybody: a witness refuses the ledger, or the witnesses are long in coming. */
export function WitnessAlarm() {
  const { say, language } = useLanguage()
  const head = useQuery({ queryKey: ['ledger-head'], queryFn: readHead, refetchInterval: 15_000 })
  if (!head.data?.alarm) return null
  const { alarm, stopped, countersigned } = head.data
  const refusing = countersigned.witnesses.filter(({ refusedAt }) => refusedAt !== null)
  return (
    <section className="card alarm over-all witness-alarm" role="alert">
      <b>
        {alarm === 'refused'
          ? say('alarm.refused', { names: refusing.map(({ name }) => name).join(', ') })
          : say('alarm.late', { since: formatInstant(countersigned.waitingSince ?? 0, language) })}
      </b>
      {refusing.map(({ name, refusedAt, refusedWhy }) => (
        <p key={name} className="small">
          {name}, {formatInstant(refusedAt ?? 0, language)}: <span lang="en">{refusedWhy}</span>
        </p>
      ))}
      <p>
        {stopped ? say('alarm.stopped') : say('alarm.goesOn')} <Link to="/ledger">{say('ledger.title')}</Link>
      </p>
    </section>
  )
}
