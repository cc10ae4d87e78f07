import { NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { type CasePeople, type CommunicationAsked, casePeople } from '../api/case-people.ts'
import { formatInstant } from '../format.ts'
import { useLanguage } from '../language.ts'
import { useMay } from '../session.tsx'
import { Act } from '../ui/act.tsx'
import { useChange } from '../ui/mutate.ts'
import { Trouble } from '../ui/state.tsx'
import { endOfLocalDay } from './case-day.ts'

const WITH = ['customer', 'representative', 'lawyer', 'regulator', 'police', 'press', 'other'] as const
const VIA = ['page', 'telephone', 'letter', 'email', 'visit'] as const

/** Everything that was said in a case, in its order, and the form that says more. */
export function Communications({ id, people }: { id: string; people: CasePeople }) {
  const { say, language } = useLanguage()
  const may = useMay()
  const next =
    people.nextAt === null
      ? say('casework.nextNone')
      : say('casework.next', { at: formatInstant(people.nextAt, language) })
  return (
    <section>
      <h2>{say('casework.said')}</h2>
      <p className="small">{next}</p>
      {people.said.length === 0 ? <p className="small">{say('casework.saidNone')}</p> : null}
      <ol className="happened">
        {people.said.map((one) => (
          <li key={one.id}>
            <span className="small">{formatInstant(one.at, language)}</span>{' '}
            <b>
              {say(`casework.${one.direction}`)} {say(`casework.with.${one.with}`)}
            </b>
            {one.name === '' ? '' : ` · ${one.name}`} · {say(`casework.via.${one.via}`)} ·{' '}
            {say(`casework.sort.${one.sort}`)}
            {one.deskName === '' ? '' : ' · '}
            <span className="whole">{one.deskName}</span>
            <blockquote style={{ whiteSpace: 'pre-line' }}>{one.says}</blockquote>
            {one.past === null ? null : (
              <p className="small stop">{say('casework.pastSaid', { why: one.past })}</p>
            )}
          </li>
        ))}
      </ol>
      {may('write-communication') ? <SayMore id={id} people={people} /> : null}
    </section>
  )
}

function SayMore({ id, people }: { id: string; people: CasePeople }) {
  const { say } = useLanguage()
  const [direction, setDirection] = useState<'in' | 'out'>('out')
  const [other, setOther] = useState<(typeof WITH)[number]>(
    people.represented ? 'representative' : 'customer',
  )
  const [via, setVia] = useState<(typeof VIA)[number]>('page')
  const [sort, setSort] = useState<'message' | 'finding'>('message')
  const [name, setName] = useState('')
  const [words, setWords] = useState('')
  const [next, setNext] = useState('')
  const [past, setPast] = useState('')
  const hers = other === 'customer' || other === 'representative'
  const asked: CommunicationAsked = {
    ...{ direction, with: other, via, sort: hers ? sort : 'message', name: name.trim(), says: words.trim() },
    nextAt: hers && direction === 'out' && next !== '' ? endOfLocalDay(next) : null,
    past: past.trim() === '' ? null : past.trim(),
  }
  const saying = useChange(
    () => casePeople.say(id, asked),
    ['case-people', 'incident'],
    () => {
      setWords('')
      setPast('')
    },
  )
  const why = asked.says === '' || asked.name === '' ? say('casework.sayWhy') : null
  return (
    <details>
      <summary>{say('casework.sayMore')}</summary>
      <form
        className="card stack"
        onSubmit={(event) => {
          event.preventDefault()
          if (why === null) saying.mutate(undefined)
        }}
      >
        <p className="small">{say('casework.sayTell')}</p>
        <NativeSelect
          label={say('casework.direction')}
          value={direction}
          data={(['out', 'in'] as const).map((value) => ({
            value,
            label: say(`casework.direction.${value}`),
          }))}
          onChange={(event) => setDirection(event.currentTarget.value as typeof direction)}
        />
        <NativeSelect
          label={say('casework.with')}
          value={other}
          data={WITH.map((value) => ({ value, label: say(`casework.with.${value}`) }))}
          onChange={(event) => setOther(event.currentTarget.value as typeof other)}
        />
        <NativeSelect
          label={say('casework.via')}
          value={via}
          data={VIA.map((value) => ({ value, label: say(`casework.via.${value}`) }))}
          onChange={(event) => setVia(event.currentTarget.value as typeof via)}
        />
        {hers ? (
          <NativeSelect
            label={say('casework.sort')}
            value={sort}
            data={(['message', 'finding'] as const).map((value) => ({
              value,
              label: say(`casework.sort.${value}`),
            }))}
            onChange={(event) => setSort(event.currentTarget.value as typeof sort)}
          />
        ) : null}
        <TextInput
          label={say('casework.name')}
          value={name}
          maxLength={200}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Textarea
          label={say('casework.words')}
          value={words}
          maxLength={10_000}
          autosize
          minRows={3}
          onChange={(event) => setWords(event.currentTarget.value)}
        />
        {hers && direction === 'out' ? (
          <TextInput
            type="date"
            label={say('casework.nextAt')}
            value={next}
            onChange={(event) => setNext(event.currentTarget.value)}
          />
        ) : null}
        {direction === 'out' && ((other === 'customer' && people.represented) || other === 'lawyer') ? (
          <TextInput
            label={say('casework.past')}
            value={past}
            maxLength={1000}
            onChange={(event) => setPast(event.currentTarget.value)}
          />
        ) : null}
        <Act type="submit" tone="main" busy={saying.isPending} why={why}>
          {say('casework.say')}
        </Act>
        {saying.isError ? <Trouble error={saying.error} /> : null}
      </form>
    </details>
  )
}
