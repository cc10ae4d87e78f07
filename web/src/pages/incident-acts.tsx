import { NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { type Incident, incidents } from '../api/incidents.ts'
import { type Say, useLanguage } from '../language.ts'
import { useMay } from '../session.tsx'
import { Act } from '../ui/act.tsx'
import { useChange } from '../ui/mutate.ts'
import { Trouble } from '../ui/state.tsx'
import { localMinute } from './case-day.ts'

const MOVES = {
  triage: 'triage',
  contained: 'contain',
  notified: 'end-notices',
  referred: 'refer',
  proceedings: 'proceed',
  closed: 'close',
  reopened: 'reopen',
} as const
type Choice =
  | (typeof MOVES)[keyof typeof MOVES]
  | 'breach'
  | 'unfounded'
  | 'name'
  | 'write'
  | 'surface'
  | 'subject'
  | 'notice'
  | 'waive'
  | 'approve'
  | 'approve-further'
  | 'law'

interface Given {
  readonly says: string
  readonly deskName: string
  readonly clock: string
  readonly law: string
  /** Whose log. */
  readonly number: string
  /** A local minute. */
  readonly surfaced: string
}

/** What the rules let be done now: the case's next states first, then what is always possible. */
function choicesOf(one: Incident, mayWork: boolean, mayApprove: boolean): Choice[] {
  const moves = one.next.flatMap((state): Choice[] => {
    if (state === 'confirmed') return ['breach']
    if (state === 'unfounded') return ['unfounded']
    return state in MOVES ? [MOVES[state as keyof typeof MOVES]] : []
  })
  const due = one.clocks.some(({ notice }) => notice === null)
  const always: Choice[] =
    one.state === 'closed'
      ? []
      : [
          'name',
          'write',
          'surface',
          'subject',
          ...(due ? (['notice', 'waive'] as const) : []),
          ...(one.laws.some(({ on }) => !on) ? (['law'] as const) : []),
        ]
  const { approvals } = one
  const path = mayApprove && one.confirmedAt !== null && one.state !== 'closed'
  const approve: Choice[] = path
    ? [
        ...(approvals.mine ? [] : (['approve'] as const)),
        ...(approvals.mineFurther ? [] : (['approve-further'] as const)),
      ]
    : []
  return [...(mayWork ? [...moves, ...always] : []), ...approve]
}

function run(one: Incident, choice: Choice, given: Given): Promise<Incident> {
  const { says, deskName, clock, law } = given
  switch (choice) {
    case 'surface':
      return incidents.act(one.id, { do: 'surface', surfacedAt: localMinute(given.surfaced) })
    case 'subject':
      return incidents.act(one.id, { do: 'subject', number: given.number })
    case 'breach':
    case 'unfounded':
      return incidents.act(one.id, { do: 'determine', finding: choice, says })
    case 'name':
      return incidents.act(one.id, { do: 'name', deskName, ground: says })
    case 'write':
      return incidents.act(one.id, { do: 'write', title: one.title, summary: says })
    case 'notice':
      return incidents.act(one.id, { do: 'notice', clock, outcome: 'sent', says })
    case 'waive':
      return incidents.act(one.id, { do: 'notice', clock, outcome: 'waived', says })
    case 'law':
      return incidents.act(one.id, { do: 'law', frame: law })
    case 'approve':
      return incidents.approve(one.id, false, says)
    case 'approve-further':
      return incidents.approve(one.id, true, says)
    default:
      return incidents.act(one.id, { do: choice, says })
  }
}

/** One form for every step: what it is, what follows from it, and why. */
export function NextStep({ one }: { one: Incident }) {
  const { say, pick } = useLanguage()
  const may = useMay()
  const client = useQueryClient()
  const choices = choicesOf(one, may('work-incident'), may('approve-path'))
  const due = one.clocks.filter(({ notice }) => notice === null)
  const laws = one.laws.filter(({ on }) => !on)
  const [chosen, setChosen] = useState<Choice | null>(null)
  const [says, setSays] = useState('')
  const [deskName, setDeskName] = useState('')
  const [clock, setClock] = useState('')
  const [law, setLaw] = useState('')
  const [number, setNumber] = useState('')
  const [surfaced, setSurfaced] = useState('')
  const choice = chosen !== null && choices.includes(chosen) ? chosen : (choices[0] ?? null)
  const given = {
    says: says.trim(),
    deskName: deskName.trim(),
    number: number.trim(),
    surfaced,
    clock: due.some(({ id }) => id === clock) ? clock : (due[0]?.id ?? ''),
    law: laws.some(({ id }) => id === law) ? law : (laws[0]?.id ?? ''),
  }
  const doing = useMutation({
    mutationFn: (what: Choice) => run(one, what, given),
    onSuccess: async (next) => {
      client.setQueryData(['incident', one.id], next)
      setSays('')
      setNumber('')
      await client.invalidateQueries({ queryKey: ['incidents'] })
      await client.invalidateQueries({ queryKey: ['case-people'] })
    },
  })
  if (choice === null) return <p className="small">{say('incident.nextNot')}</p>
  const why = whyNot(say, choice, given)
  return (
    <section className="card">
      <h2>{say('incident.next')}</h2>
      {one.proposed === null ? null : <p>{say(`incident.proposed.${one.proposed.finding}`)}</p>}
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault()
          if (why === null) doing.mutate(choice)
        }}
      >
        <NativeSelect
          label={say('incident.what')}
          value={choice}
          data={choices.map((value) => ({ value, label: say(`incident.do.${value}`) }))}
          onChange={(event) => setChosen(event.currentTarget.value as Choice)}
        />
        <p className="small">{say(`incident.tell.${choice}`)}</p>
        {choice === 'name' ? (
          <TextInput
            label={say('incident.deskName')}
            value={deskName}
            maxLength={20}
            onChange={(event) => setDeskName(event.currentTarget.value)}
          />
        ) : null}
        {choice === 'notice' || choice === 'waive' ? (
          <NativeSelect
            label={say('incident.clock')}
            value={given.clock}
            data={due.map(({ id, words }) => ({ value: id, label: pick(words) }))}
            onChange={(event) => setClock(event.currentTarget.value)}
          />
        ) : null}
        <FactFields
          choice={choice}
          surfaced={surfaced}
          number={number}
          onSurfaced={setSurfaced}
          onNumber={setNumber}
        />
        {choice === 'surface' || choice === 'subject' ? null : choice === 'law' ? (
          <NativeSelect
            label={say('incident.clock')}
            value={given.law}
            data={laws.map(({ id, name }) => ({ value: id, label: pick(name) }))}
            onChange={(event) => setLaw(event.currentTarget.value)}
          />
        ) : (
          <Textarea
            label={choice === 'write' ? say('incident.do.write') : say('incident.says')}
            value={says}
            maxLength={4000}
            autosize
            minRows={3}
            onChange={(event) => setSays(event.currentTarget.value)}
          />
        )}
        <Act type="submit" tone="main" busy={doing.isPending} why={why}>
          {say('incident.go')}
        </Act>
        {doing.isError ? <Trouble error={doing.error} /> : null}
      </form>
    </section>
  )
}

/** Why it cannot be done yet, or null. */
function whyNot(say: Say, choice: Choice, given: Given): string | null {
  if (choice === 'law') return null
  if (choice === 'surface') return given.surfaced === '' ? say('incident.surfacedAt') : null
  if (choice === 'subject') return given.number === '' ? say('incident.subjectNumber') : null
  return given.says.length < 10 ? say('incident.saysWhy') : null
}

interface FactFieldsProps {
  choice: Choice
  surfaced: string
  number: string
  onSurfaced: (minute: string) => void
  onNumber: (number: string) => void
}

/** What was not known when the case was opened: when the list turned up, and whose log it is. */
function FactFields({ choice, surfaced, number, onSurfaced, onNumber }: FactFieldsProps) {
  const { say } = useLanguage()
  if (choice === 'surface')
    return (
      <TextInput
        type="datetime-local"
        label={say('incident.surfacedAt')}
        value={surfaced}
        onChange={(event) => onSurfaced(event.currentTarget.value)}
      />
    )
  if (choice !== 'subject') return null
  return (
    <TextInput
      label={say('incident.subjectNumber')}
      value={number}
      maxLength={64}
      onChange={(event) => onNumber(event.currentTarget.value)}
    />
  )
}

/** A freeze, with what it does said before the click. */
export function Freeze({ id, person }: { id: string; person: Incident['involved'][number] }) {
  const { say } = useLanguage()
  const [says, setSays] = useState('')
  const freezing = useChange(() => incidents.freeze(id, person.staff, says.trim()), ['incident', 'incidents'])
  const desk = person.deskName
  const why = says.trim().length < 10 ? say('incident.saysWhy') : null
  return (
    <div className="stack tight">
      <p className="small">{say('incident.freezeTell', { desk })}</p>
      <TextInput
        label={say('incident.says')}
        value={says}
        maxLength={400}
        onChange={(event) => setSays(event.currentTarget.value)}
      />
      <Act tone="stop" busy={freezing.isPending} why={why} onClick={() => freezing.mutate(undefined)}>
        {say('incident.freeze', { desk })}
      </Act>
      {freezing.isError ? <Trouble error={freezing.error} /> : null}
    </div>
  )
}
