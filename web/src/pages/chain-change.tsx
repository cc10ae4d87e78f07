import { NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { type Chain, type ChainChange, court } from '../api/court.ts'
import { formatInstant } from '../format.ts'
import { useLanguage } from '../language.ts'
import { Act } from '../ui/act.tsx'
import { useChange } from '../ui/mutate.ts'
import { Trouble } from '../ui/state.tsx'

const KINDS = ['employee', 'friend', 'recipient', 'customer', 'other'] as const
const GROUNDS = ['trace', 'path', 'testimony', 'document'] as const
const SURE = ['proven', 'likely', 'possible', 'disputed'] as const
const DOES = ['person', 'link', 'revise', 'remove'] as const

interface Given {
  readonly do: (typeof DOES)[number]
  readonly kind: (typeof KINDS)[number]
  readonly name: string
  readonly from: string
  readonly to: string
  readonly which: string
  readonly how: string
  readonly ground: (typeof GROUNDS)[number]
  readonly ref: string
  readonly groundSays: string
  readonly confidence: (typeof SURE)[number]
  readonly says: string
}

const NOTHING: Given = {
  ...{ do: 'person', kind: 'employee', name: '', from: '', to: '', which: '', how: '' },
  ...{ ground: 'trace', ref: '', groundSays: '', confidence: 'possible', says: '' },
}

/** What is asked for, or null while something is missing. */
function changeOf(given: Given, chain: Chain): ChainChange | null {
  const { says, kind, confidence } = given
  const name = given.name.trim()
  const [first = '', second = ''] = chain.people.map(({ id }) => id)
  const refs = given.ground === 'trace' ? chain.traces : given.ground === 'path' ? chain.paths : null
  const ref = refs === null ? null : (refs.find(({ id }) => id === given.ref)?.id ?? refs[0]?.id)
  const ground = ref === undefined ? null : { kind: given.ground, ref, says: given.groundSays }
  if (says.trim().length < 10) return null
  if (given.do === 'person') return name.length < 2 ? null : { do: 'person', kind, name, says }
  if (given.do === 'link') {
    const ends = { from: given.from || first, to: given.to || second }
    const how = given.how.trim()
    if (ground === null || how.length < 3 || ends.to === '') return null
    return { do: 'link', ...ends, how, ground, confidence, says }
  }
  const parts = given.do === 'revise' ? chain.links : [...chain.links, ...chain.people]
  const id = parts.find((part) => part.id === given.which)?.id ?? parts[0]?.id
  if (id === undefined) return null
  if (given.do === 'remove') return { do: 'remove', id, says }
  return ground === null ? null : { do: 'revise', id, ground, confidence, says }
}

/** One form for every change of the picture; each has its reason, and is an entry. */
export function ChangeChain({ id, chain }: { id: string; chain: Chain }) {
  const { say } = useLanguage()
  const [given, setGiven] = useState(NOTHING)
  const set = (more: Partial<Given>) => setGiven((before) => ({ ...before, ...more }))
  const doing = useChange(
    async (change: ChainChange) => {
      await court.changeChain(id, change)
      // Before the picture is drawn anew: what is typed after that is the next change.
      setGiven({ ...NOTHING, do: change.do })
    },
    ['chain', 'incident'],
  )
  const change = changeOf(given, chain)
  const why =
    change !== null ? null : given.says.trim().length < 10 ? say('court.saysWhy') : say('court.fieldsWhy')
  return (
    <details>
      <summary>{say('chain.add')}</summary>
      <form
        className="card stack"
        onSubmit={(event) => {
          event.preventDefault()
          if (change !== null) doing.mutate(change)
        }}
      >
        <NativeSelect
          label={say('chain.do')}
          value={given.do}
          data={DOES.map((value) => ({ value, label: say(`chain.do.${value}`) }))}
          onChange={(event) => set({ do: event.currentTarget.value as Given['do'] })}
        />
        {given.do === 'person' ? <PersonFields given={given} set={set} /> : null}
        {given.do === 'link' ? <EndFields given={given} set={set} chain={chain} /> : null}
        {given.do === 'revise' || given.do === 'remove' ? (
          <WhichField given={given} set={set} chain={chain} />
        ) : null}
        {given.do === 'link' || given.do === 'revise' ? (
          <GroundFields given={given} set={set} chain={chain} />
        ) : null}
        <Textarea
          label={say('chain.why')}
          value={given.says}
          maxLength={2000}
          onChange={(event) => set({ says: event.currentTarget.value })}
        />
        <p className="small">{say('chain.tell')}</p>
        <Act type="submit" busy={doing.isPending} why={why}>
          {say('chain.go')}
        </Act>
        {doing.isError ? <Trouble error={doing.error} /> : null}
      </form>
    </details>
  )
}

interface FieldsProps {
  given: Given
  set: (more: Partial<Given>) => void
  chain: Chain
}

function PersonFields({ given, set }: Omit<FieldsProps, 'chain'>) {
  const { say } = useLanguage()
  return (
    <>
      <NativeSelect
        label={say('chain.kind')}
        value={given.kind}
        data={KINDS.map((value) => ({ value, label: say(`chain.kind.${value}`) }))}
        onChange={(event) => set({ kind: event.currentTarget.value as Given['kind'] })}
      />
      <TextInput
        label={say('chain.name')}
        value={given.name}
        maxLength={60}
        onChange={(event) => set({ name: event.currentTarget.value })}
      />
    </>
  )
}

function EndFields({ given, set, chain }: FieldsProps) {
  const { say } = useLanguage()
  const people = chain.people.map(({ id, name }) => ({ value: id, label: name }))
  return (
    <>
      <NativeSelect
        label={say('chain.from')}
        value={given.from || (people[0]?.value ?? '')}
        data={people}
        onChange={(event) => set({ from: event.currentTarget.value })}
      />
      <NativeSelect
        label={say('chain.to')}
        value={given.to || (people[1]?.value ?? '')}
        data={people}
        onChange={(event) => set({ to: event.currentTarget.value })}
      />
      <TextInput
        label={say('chain.how')}
        value={given.how}
        maxLength={200}
        onChange={(event) => set({ how: event.currentTarget.value })}
      />
    </>
  )
}

function WhichField({ given, set, chain }: FieldsProps) {
  const { say } = useLanguage()
  const name = (id: string) => chain.people.find((person) => person.id === id)?.name ?? ''
  const links = chain.links.map(({ id, from, to }) => ({ value: id, label: `${name(from)} → ${name(to)}` }))
  const people = chain.people.map((person) => ({ value: person.id, label: person.name }))
  return (
    <NativeSelect
      label={say('chain.which')}
      value={given.which}
      data={given.do === 'revise' ? links : [...links, ...people]}
      onChange={(event) => set({ which: event.currentTarget.value })}
    />
  )
}

function GroundFields({ given, set, chain }: FieldsProps) {
  const { say, language } = useLanguage()
  const refs = given.ground === 'trace' ? chain.traces : given.ground === 'path' ? chain.paths : null
  return (
    <>
      <NativeSelect
        label={say('chain.ground')}
        value={given.ground}
        data={GROUNDS.map((value) => ({ value, label: say(`chain.ground.${value}`) }))}
        onChange={(event) => set({ ground: event.currentTarget.value as Given['ground'] })}
      />
      {refs === null ? (
        <TextInput
          label={say('chain.groundSays')}
          value={given.groundSays}
          maxLength={500}
          onChange={(event) => set({ groundSays: event.currentTarget.value })}
        />
      ) : refs.length === 0 ? (
        <p className="small">{say('chain.refNone')}</p>
      ) : (
        <NativeSelect
          label={say('chain.ref')}
          value={given.ref || (refs[0]?.id ?? '')}
          data={refs.map(({ id, at }) => ({ value: id, label: formatInstant(at, language) }))}
          onChange={(event) => set({ ref: event.currentTarget.value })}
        />
      )}
      <NativeSelect
        label={say('chain.confidence')}
        value={given.confidence}
        data={SURE.map((value) => ({ value, label: say(`chain.sure.${value}`) }))}
        onChange={(event) => set({ confidence: event.currentTarget.value as Given['confidence'] })}
      />
    </>
  )
}
