import { NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { type IncidentLine, type IncidentOpening, incidents } from '../api/incidents.ts'
import { formatInstant } from '../format.ts'
import { useLanguage } from '../language.ts'
import { dueWords } from '../lawful-words.ts'
import { useNow } from '../now.ts'
import { useMay } from '../session.tsx'
import { Act } from '../ui/act.tsx'
import { Page } from '../ui/page.tsx'
import { Answer, Empty, Trouble } from '../ui/state.tsx'

const COLUMNS = [
  { word: 'incident.column.new', states: ['reported', 'triage', 'reopened'] },
  { word: 'incident.column.breach', states: ['confirmed', 'contained'] },
  { word: 'incident.column.told', states: ['notified', 'referred', 'proceedings'] },
  { word: 'incident.column.over', states: ['unfounded', 'closed'] },
] as const satisfies readonly { word: string; states: readonly IncidentLine['state'][] }[]
const BY_HAND = ['colleague', 'press', 'list-holder', 'customer'] as const

/** The board: every incident by where it stands, with the clock that runs out first. */
export function IncidentsPage() {
  const { say, language } = useLanguage()
  const may = useMay()
  const board = useQuery({ queryKey: ['incidents'], queryFn: incidents.board, refetchInterval: 30_000 })
  const now = useNow(30_000)
  const all = board.data?.incidents ?? []
  const open = all.filter(({ state }) => state !== 'closed').length
  const late = all.filter(({ clocks }) => clocks.some(({ dueAt }) => (dueAt ?? now) < now)).length
  return (
    <Page title={say('incident.title')} lead={say('incident.lead', { open, late })}>
      <Answer query={board}>
        {({ incidents: found, waiting }) => (
          <div className="stack wide">
            {waiting.length > 0 ? (
              <section className="card">
                <h2>{say('incident.waiting')}</h2>
                <ul className="plain-list">
                  {waiting.map(({ alert, at }) => (
                    <li key={alert} className="stack">
                      <p>{say('incident.waitingOne', { at: formatInstant(at, language) })}</p>
                      {may('work-incident') ? (
                        <OpenFrom
                          opening={{
                            origin: 'watch',
                            ref: alert,
                            title: say('incident.fromWatch'),
                            says: '',
                          }}
                        />
                      ) : null}
                    </li>
                  ))}
                </ul>
              </section>
            ) : null}
            {found.length === 0 ? (
              <Empty says={say('incident.none')} />
            ) : (
              <div className="board">
                {COLUMNS.map(({ word, states }) => (
                  <Column
                    key={word}
                    word={word}
                    lines={found.filter(({ state }) => (states as readonly string[]).includes(state))}
                    now={now}
                  />
                ))}
              </div>
            )}
            {may('work-incident') ? <ByHand /> : null}
          </div>
        )}
      </Answer>
    </Page>
  )
}

function Column({
  word,
  lines,
  now,
}: {
  word: (typeof COLUMNS)[number]['word']
  lines: readonly IncidentLine[]
  now: number
}) {
  const { say } = useLanguage()
  return (
    <section>
      <h2>
        {say(word)} · {lines.length}
      </h2>
      {lines.length === 0 ? (
        <p className="small">{say('incident.nothingHere')}</p>
      ) : (
        <ul className="list">
          {lines.map((one) => (
            <Line key={one.id} one={one} now={now} />
          ))}
        </ul>
      )}
    </section>
  )
}

function Line({ one, now }: { one: IncidentLine; now: number }) {
  const { say, pick } = useLanguage()
  const [first] = one.clocks
  return (
    <li>
      <Link to="/incidents/$id" params={{ id: one.id }}>
        {one.title}
      </Link>
      <p className="small">
        {one.serial} · {say(`incident.state.${one.state}`)} · {say(`incident.origin.${one.origin}`)}
      </p>
      {first?.dueAt == null ? null : (
        <p className={`small ${first.dueAt < now ? 'stop' : ''}`}>
          {pick(first.words)}: {say('incident.due', { when: dueWords(say, first.dueAt, now) })},{' '}
          {say(`incident.who.${first.who}`)}
        </p>
      )}
    </li>
  )
}

/** One click from a report or a verdict to a case. */
export function OpenFrom({ opening }: { opening: IncidentOpening }) {
  const { say } = useLanguage()
  const navigate = useNavigate()
  const opens = useMutation({
    mutationFn: () => incidents.open(opening),
    onSuccess: ({ id }) => navigate({ to: '/incidents/$id', params: { id } }),
  })
  return (
    <div className="stack tight">
      <Act busy={opens.isPending} onClick={() => opens.mutate()}>
        {say('incident.take')}
      </Act>
      <p className="small">{say('incident.reportTell')}</p>
      {opens.isError ? <Trouble error={opens.error} /> : null}
    </div>
  )
}

function ByHand() {
  const { say } = useLanguage()
  const navigate = useNavigate()
  const [origin, setOrigin] = useState<(typeof BY_HAND)[number]>('colleague')
  const [title, setTitle] = useState('')
  const [says, setSays] = useState('')
  const [number, setNumber] = useState('')
  const why = title.trim().length < 5 ? say('incident.openWhy') : null
  const opens = useMutation({
    mutationFn: () =>
      incidents.open({
        origin,
        title: title.trim(),
        says: says.trim(),
        ...(number.trim() === '' ? {} : { number: number.trim() }),
      }),
    onSuccess: ({ id }) => navigate({ to: '/incidents/$id', params: { id } }),
  })
  return (
    <section className="card">
      <h2>{say('incident.new')}</h2>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault()
          if (why === null) opens.mutate()
        }}
      >
        <NativeSelect
          label={say('incident.origin')}
          value={origin}
          data={BY_HAND.map((value) => ({ value, label: say(`incident.origin.${value}`) }))}
          onChange={(event) => setOrigin(event.currentTarget.value as (typeof BY_HAND)[number])}
        />
        <TextInput
          label={say('incident.newTitle')}
          value={title}
          maxLength={200}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        <Textarea
          label={say('incident.newSays')}
          value={says}
          maxLength={4000}
          autosize
          minRows={2}
          onChange={(event) => setSays(event.currentTarget.value)}
        />
        <TextInput
          label={say('incident.newNumber')}
          value={number}
          maxLength={64}
          inputMode="tel"
          autoComplete="off"
          onChange={(event) => setNumber(event.currentTarget.value)}
        />
        <p className="small">{say('incident.openTell')}</p>
        <Act type="submit" tone="main" busy={opens.isPending} why={why}>
          {say('incident.open')}
        </Act>
        {opens.isError ? <Trouble error={opens.error} /> : null}
      </form>
    </section>
  )
}
