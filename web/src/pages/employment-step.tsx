import { NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { OUTCOMES } from '../../../src/incident/employment-rules.ts'
import { type Employment, employments, type EmploymentStep as Step } from '../api/employment.ts'
import { type Say, useLanguage } from '../language.ts'
import { useMay } from '../session.tsx'
import { Act } from '../ui/act.tsx'
import { useChange } from '../ui/mutate.ts'
import { Trouble } from '../ui/state.tsx'
import { localMinute } from './case-day.ts'

type Does = Step['do']
const START = { contract: '', code: '', heardAt: '', came: true, companion: '', outcome: '', says: '' }
type Given = typeof START

/** One form for the next step: what follows from it stands there before the click. */
export function EmploymentStep({ one }: { one: Employment }) {
  const { say } = useLanguage()
  const may = useMay()
  const [chosen, setChosen] = useState<Does | null>(null)
  const [given, setGiven] = useState<Given>(START)
  const change = (part: Partial<Given>) => setGiven({ ...given, ...part })
  const doing = useChange(
    (step: Step) => employments.act(one, step),
    ['employments'],
    () => setGiven(START),
  )
  if (!may('work-employment')) return <p className="small">{say('employment.reads')}</p>
  if (!one.open) return <p className="small">{say('employment.over')}</p>
  const does = chosen !== null && one.next.includes(chosen) ? chosen : (one.next[0] ?? null)
  if (does === null) return null
  const why = whyNot(say, one, does, given)
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault()
        if (why === null) doing.mutate(stepOf(does, given))
      }}
    >
      <NativeSelect
        label={say('employment.next')}
        value={does}
        data={one.next.map((value) => ({ value, label: say(`employment.do.${value}`) }))}
        onChange={(event) => setChosen(event.currentTarget.value as Does)}
      />
      <p className="small">{say(`employment.tell.${does}`, { desk: one.person.deskName })}</p>
      <Fields does={does} given={given} change={change} />
      <Textarea
        label={say('employment.says')}
        value={given.says}
        maxLength={4000}
        autosize
        minRows={3}
        onChange={(event) => change({ says: event.currentTarget.value })}
      />
      <Act
        type="submit"
        tone={does === 'suspend' || given.outcome === 'dismissal' ? 'stop' : 'main'}
        busy={doing.isPending}
        why={why}
      >
        {say(`employment.do.${does}`)}
      </Act>
      {doing.isError ? <Trouble error={doing.error} /> : null}
    </form>
  )
}

function stepOf(does: Does, given: Given): Step {
  const says = given.says.trim()
  const clauses = { contract: given.contract.trim(), code: given.code.trim() }
  const outcome = (given.outcome === '' ? 'no-action' : given.outcome) as (typeof OUTCOMES)[number]
  switch (does) {
    case 'suspend':
      return { do: does, clauses, says }
    case 'hear':
      return {
        ...{ do: does, heardAt: localMinute(given.heardAt), came: given.came, says },
        companion: given.companion.trim(),
      }
    case 'decide':
      return { do: does, outcome, clauses, says }
    case 'appeal':
      return { do: does, says }
    case 'decide-appeal':
      return { do: does, outcome, says }
  }
}

/** Why it cannot be done yet, or null. */
function whyNot(say: Say, one: Employment, does: Does, given: Given): string | null {
  const decides = does === 'decide' || does === 'decide-appeal'
  if (decides && !one.mayDecide) return say('employment.notYou')
  const clauses = does === 'suspend' || does === 'decide'
  if (clauses && (given.contract.trim() === '' || given.code.trim() === ''))
    return say('employment.clausesWhy')
  if (does === 'hear' && given.heardAt === '') return say('employment.heardWhy')
  return given.says.trim().length < 10 ? say('incident.saysWhy') : null
}

interface FieldsProps {
  does: Does
  given: Given
  change: (part: Partial<Given>) => void
}

function Fields({ does, given, change }: FieldsProps) {
  const { say } = useLanguage()
  if (does === 'appeal') return null
  if (does === 'hear')
    return (
      <>
        <NativeSelect
          label={say('employment.came')}
          value={given.came ? 'yes' : 'no'}
          data={(['yes', 'no'] as const).map((value) => ({ value, label: say(`employment.came.${value}`) }))}
          onChange={(event) => change({ came: event.currentTarget.value === 'yes' })}
        />
        <TextInput
          type="datetime-local"
          label={say('employment.heardAt')}
          value={given.heardAt}
          onChange={(event) => change({ heardAt: event.currentTarget.value })}
        />
        <TextInput
          label={say('employment.companion')}
          value={given.companion}
          maxLength={200}
          onChange={(event) => change({ companion: event.currentTarget.value })}
        />
      </>
    )
  return (
    <>
      {does === 'suspend' ? null : (
        <NativeSelect
          label={say('employment.outcome')}
          value={given.outcome}
          data={OUTCOMES.map((value) => ({ value, label: say(`employment.outcome.${value}`) }))}
          onChange={(event) => change({ outcome: event.currentTarget.value })}
        />
      )}
      {does === 'decide-appeal' ? null : <Clauses given={given} change={change} />}
    </>
  )
}

function Clauses({ given, change }: Omit<FieldsProps, 'does'>) {
  const { say } = useLanguage()
  return (
    <>
      <TextInput
        label={say('employment.contract')}
        value={given.contract}
        maxLength={120}
        onChange={(event) => change({ contract: event.currentTarget.value })}
      />
      <TextInput
        label={say('employment.code')}
        value={given.code}
        maxLength={120}
        onChange={(event) => change({ code: event.currentTarget.value })}
      />
    </>
  )
}
