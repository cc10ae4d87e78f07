import { NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { AFTERMATH, type Aftermath } from '../../../src/incident/aftermath.ts'
import { type Incident, incidents } from '../api/incidents.ts'
import { formatDay } from '../format.ts'
import { useLanguage } from '../language.ts'
import { useNow } from '../now.ts'
import { useMay } from '../session.tsx'
import { Act } from '../ui/act.tsx'
import { useChange } from '../ui/mutate.ts'
import { Trouble } from '../ui/state.tsx'
import { localMinute } from './case-day.ts'

/** What came of a breach, each with its day, and the form for the next. */
export function AftermathOf({ one }: { one: Incident }) {
  const { say, language } = useLanguage()
  const may = useMay()
  const now = useNow(60_000)
  if (one.confirmedAt === null) return null
  return (
    <section className="stack">
      <h2>{say('after.title')}</h2>
      <p className="small">{say('after.tell')}</p>
      {one.after.length === 0 ? <p className="small">{say('after.none')}</p> : null}
      <ol className="happened">
        {one.after.map(({ what, on, says }) => (
          <li key={`${what} ${on} ${says}`} className={on > now ? 'quiet' : ''}>
            <span className="small">{formatDay(on, language)}</span> <b>{say(`after.what.${what}`)}</b>
            <p className="small">{says}</p>
          </li>
        ))}
      </ol>
      {may('work-incident') && one.state !== 'closed' ? <WriteDown id={one.id} /> : null}
    </section>
  )
}

function WriteDown({ id }: { id: string }) {
  const { say } = useLanguage()
  const [what, setWhat] = useState<Aftermath>('harm')
  const [day, setDay] = useState('')
  const [says, setSays] = useState('')
  const writing = useChange(
    // The day's first minute, so that today is never a day that has not come.
    () => incidents.act(id, { do: 'after', what, on: localMinute(`${day}T00:00`), says: says.trim() }),
    ['incident', 'incidents'],
    () => setSays(''),
  )
  const why = day === '' || says.trim().length < 10 ? say('after.why') : null
  return (
    <details>
      <summary>{say('after.new')}</summary>
      <form
        className="card stack"
        onSubmit={(event) => {
          event.preventDefault()
          if (why === null) writing.mutate(undefined)
        }}
      >
        <NativeSelect
          label={say('after.what')}
          value={what}
          data={AFTERMATH.map((value) => ({ value, label: say(`after.what.${value}`) }))}
          onChange={(event) => setWhat(event.currentTarget.value as Aftermath)}
        />
        <TextInput
          type="date"
          label={say('after.on')}
          value={day}
          onChange={(event) => setDay(event.currentTarget.value)}
        />
        <Textarea
          label={say('after.says')}
          value={says}
          maxLength={4000}
          autosize
          minRows={2}
          onChange={(event) => setSays(event.currentTarget.value)}
        />
        <Act type="submit" tone="main" busy={writing.isPending} why={why}>
          {say('after.go')}
        </Act>
        {writing.isError ? <Trouble error={writing.error} /> : null}
      </form>
    </details>
  )
}
