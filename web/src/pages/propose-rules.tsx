import { Checkbox, NumberInput, Textarea } from '@mantine/core'
import { useState } from 'react'
import { rules as api, type Rules } from '../api/rules.ts'
import { useLanguage, type WordKey } from '../language.ts'
import { Act } from '../ui/act.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { useChange } from '../ui/mutate.ts'
import { Trouble } from '../ui/state.tsx'
import { listRules, type RuleValue } from './rule-table.tsx'

/** A change of how callers are verified: proposed by one, approved by two others. */
export function ProposeRules({ from }: { from: Rules }) {
  const { say } = useLanguage()
  const [open, setOpen] = useState(false)
  const [next, setNext] = useState<Rules>(from)
  const [reason, setReason] = useState('')
  const propose = useChange(
    () => api.propose({ rules: next, reason: reason.trim() }),
    ['verification'],
    () => setOpen(false),
  )
  const same = JSON.stringify(next) === JSON.stringify(from)
  const why = same ? say('settings.same') : reason.trim().length < 10 ? say('person.reasonMissing') : null
  return (
    <>
      <Act
        onClick={() => {
          setNext(from)
          setOpen(true)
        }}
      >
        {say('settings.propose')}
      </Act>
      <Dialog
        title={say('settings.propose')}
        open={open}
        onClose={() => setOpen(false)}
        onSubmit={() => propose.mutate(undefined)}
        act={say('settings.proposeAct')}
        why={why}
        busy={propose.isPending}
      >
        {listRules(next).map(([name, value]) => (
          <RuleField
            key={name}
            name={name}
            value={value}
            onChange={(v) => setNext(withRule(next, name, v))}
          />
        ))}
        <Textarea
          label={say('settings.proposeReason')}
          value={reason}
          maxLength={1000}
          autosize
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {propose.isError ? <Trouble error={propose.error} /> : null}
      </Dialog>
    </>
  )
}

interface RuleFieldProps {
  name: string
  value: RuleValue
  onChange: (value: RuleValue) => void
}

function RuleField({ name, value, onChange }: RuleFieldProps) {
  const { say } = useLanguage()
  const label = say(`rule.${name}` as WordKey)
  if (typeof value === 'boolean')
    return (
      <Checkbox label={label} checked={value} onChange={(event) => onChange(event.currentTarget.checked)} />
    )
  return (
    <NumberInput
      label={label}
      value={value}
      min={1}
      max={1440}
      allowDecimal={false}
      hideControls
      onChange={(v) => {
        if (typeof v === 'number') onChange(v)
      }}
    />
  )
}

function withRule(rules: Rules, name: string, value: RuleValue): Rules {
  const [group = '', inner] = name.split('.')
  const all: Record<string, unknown> = { ...rules }
  all[group] = inner === undefined ? value : { ...(all[group] as Record<string, unknown>), [inner]: value }
  return all as Rules
}
