import { NativeSelect, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Incident } from '../api/incidents.ts'
import { type LeakPath, traces } from '../api/traces.ts'
import { formatDay, formatInstant } from '../format.ts'
import { useLanguage } from '../language.ts'
import { useMay } from '../session.tsx'
import { Act } from '../ui/act.tsx'
import { useChange } from '../ui/mutate.ts'
import { Answer, Trouble } from '../ui/state.tsx'
import { localMinute } from './case-day.ts'

const NEEDED = 2

/** Searches for a leak path: what each found, beside the chance that it means nothing, and the form for the next. */
export function PathsOf({ one }: { one: Incident }) {
  const { say } = useLanguage()
  const may = useMay()
  const reads = may('read-trace') && one.confirmedAt !== null
  const list = useQuery({
    queryKey: ['paths', one.id],
    queryFn: () => traces.paths(one.id),
    enabled: reads,
    gcTime: 0,
  })
  if (!reads) return null
  return (
    <section className="stack">
      <h2>{say('path.title')}</h2>
      <p className="small">{say('path.tell')}</p>
      <Answer query={list}>
        {({ paths }) =>
          paths.length === 0 ? (
            <p className="small">{say('path.none')}</p>
          ) : (
            <div className="stack">
              {paths.map((path) => (
                <Found key={path.id} one={one} path={path} />
              ))}
            </div>
          )
        }
      </Answer>
      {may('search-path') && one.state !== 'closed' ? <Search one={one} /> : null}
    </section>
  )
}

function Found({ one, path }: { one: Incident; path: LeakPath }) {
  const { say, language } = useLanguage()
  const who = one.involved.find(({ staff }) => staff === path.employee)?.deskName ?? ''
  const count = path.links.length
  const title =
    count === 0
      ? say('path.notFound', { who })
      : count === 1
        ? say('path.foundOne', { who })
        : say('path.found', { who, count })
  return (
    <article className="card stack">
      <h3>{title}</h3>
      <ol className="happened">
        {path.links.map(({ from, to, at }) => (
          <li key={`${from} ${to}`}>
            <span className="small">{formatInstant(at, language)}</span>{' '}
            <b>
              {from || say('path.hidden')} → {to || say('path.hidden')}
            </b>
          </li>
        ))}
      </ol>
      {path.chanceOfNothing === null ? null : (
        <p>
          {say('path.chance', {
            asGood: path.decoysAsGood,
            decoys: path.decoys,
            chance: `${(path.chanceOfNothing * 100).toFixed(1)}%`,
          })}
        </p>
      )}
      {path.cutShort ? <p className="stop">{say('path.cutShort')}</p> : null}
      <p className="small">
        {say('path.searched', {
          at: formatInstant(path.at, language),
          from: formatDay(path.from, language),
          until: formatDay(path.until, language),
          opened: path.logsOpened,
          budget: path.budget,
        })}
      </p>
    </article>
  )
}

function Search({ one }: { one: Incident }) {
  const { say } = useLanguage()
  const [employee, setEmployee] = useState(one.involved[0]?.staff ?? '')
  const [recipient, setRecipient] = useState('')
  const [lookedAt, setLookedAt] = useState('')
  const [further, setFurther] = useState(false)
  const searching = useChange(
    () =>
      traces.searchPath({
        ...{ incident: one.id, employee, recipient: recipient.trim(), further },
        lookedAt: localMinute(lookedAt),
      }),
    ['paths', 'chain'],
  )
  const allowed = further ? Math.min(one.approvals.path, one.approvals.further) : one.approvals.path
  const why =
    one.involved.length === 0
      ? say('path.whyNobody')
      : allowed < NEEDED
        ? say('path.whyApprovals', { of: allowed })
        : recipient.trim() === '' || lookedAt === ''
          ? say('path.whyMissing')
          : null
  return (
    <details>
      <summary>{say('path.new')}</summary>
      <form
        className="card stack"
        onSubmit={(event) => {
          event.preventDefault()
          if (why === null) searching.mutate(undefined)
        }}
      >
        <NativeSelect
          label={say('path.employee')}
          value={employee}
          data={one.involved.map(({ staff, deskName }) => ({ value: staff, label: deskName }))}
          onChange={(event) => setEmployee(event.currentTarget.value)}
        />
        <TextInput
          type="datetime-local"
          label={say('path.lookedAt')}
          value={lookedAt}
          onChange={(event) => setLookedAt(event.currentTarget.value)}
        />
        <TextInput
          label={say('path.recipient')}
          value={recipient}
          maxLength={64}
          inputMode="tel"
          autoComplete="off"
          onChange={(event) => setRecipient(event.currentTarget.value)}
        />
        <NativeSelect
          label={say('path.further')}
          value={further ? 'yes' : 'no'}
          data={(['no', 'yes'] as const).map((value) => ({ value, label: say(`path.further.${value}`) }))}
          onChange={(event) => setFurther(event.currentTarget.value === 'yes')}
        />
        <p className="small">{say('path.goTell')}</p>
        <Act type="submit" tone="main" busy={searching.isPending} why={why}>
          {say('path.go')}
        </Act>
        {searching.isError ? <Trouble error={searching.error} /> : null}
      </form>
    </details>
  )
}
