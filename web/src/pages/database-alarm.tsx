import { useQuery, useQueryClient } from '@tanstack/react-query'
import { readAlarms } from '../api/health.ts'
import { useEvents } from '../events.tsx'
import { useLanguage } from '../language.ts'

/** Over every desk, for everybody: something is in the database that no part of the product put there. */
export function DatabaseAlarm() {
  const { say } = useLanguage()
  const client = useQueryClient()
  const alarms = useQuery({ queryKey: ['alarms'], queryFn: readAlarms, refetchInterval: 15_000 })
  useEvents((name) => {
    if (name === 'notice' || name === 'resync') void client.invalidateQueries({ queryKey: ['alarms'] })
  })
  if (!alarms.data?.some((alarm) => alarm.startsWith('schema:'))) return null
  return (
    <section className="card alarm over-all" role="alert">
      <b>{say('alarm.strangers')}</b>
      <p>{say('alarm.strangersNext')}</p>
    </section>
  )
}
