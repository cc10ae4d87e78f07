import { Checkbox, MultiSelect, NumberInput, Textarea } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { ruleWords } from '../../../src/staff/rule-words.ts'
import { rules as api, type Rules } from '../api/rules.ts'
import { useLanguage } from '../language.ts'
import { Act } from '../ui/act.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { useChange } from '../ui/mutate.ts'
import { Trouble } from '../ui/state.tsx'
import { listRules, type RuleValue } from './rule-table.tsx'
import { RulesPreview } from './rules-preview.tsx'

/** A change of how callers are verified: proposed by one, approved by two others. */
export function ProposeRules({ from, withholdable }: { from: Rules; withholdable: readonly string[] }) {
  const { say } = useLanguage()
  const [open, setOpen] = useState(false)
  const [next, setNext] = useState<Rules>(from)
  const [reason, setReason] = useState('')
  const propose = useChange(
    () => api.propose({ rules: next, reason: reason.trim() }),
    ['verification'],
    () => setOpen(false),
  )
  const preview = useMutation({ mutationFn: () => api.preview(next) })
  const same = JSON.stringify(next) === JSON.stringify(from)
  const why = same ? say('settings.same') : reason.trim().length < 10 ? say('person.reasonMissing') : null
  const change = (rules: Rules) => {
    preview.reset()
    setNext(rules)
  }
  return (
    <>
      <Act
        onClick={() => {
          setNext(from)
          preview.reset()
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
        {listRules({ ...next, withheld: [] }).map(([name, value]) => (
          <RuleField key={name} name={name} value={value} onChange={(v) => change(withRule(next, name, v))} />
        ))}
        <MultiSelect
          label={say('settings.withheld')}
          description={say('settings.withheldLead')}
          data={[...withholdable]}
          value={[...next.withheld]}
          onChange={(withheld) => change({ ...next, withheld: withheld.toSorted() })}
          searchable
        />
        <Act
          busy={preview.isPending}
          why={same ? say('settings.same') : null}
          onClick={() => preview.mutate()}
        >
          {say('preview.ask')}
        </Act>
        {preview.isError ? <Trouble error={preview.error} /> : null}
        {preview.data ? <RulesPreview preview={preview.data} /> : null}
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
  const { say, pick } = useLanguage()
  const label = pick(ruleWords(name))
  if (typeof value === 'boolean')
    return (
      <Checkbox label={label} checked={value} onChange={(event) => onChange(event.currentTarget.checked)} />
    )
  return (
    <NumberInput
      label={label}
      value={value ?? ''}
      placeholder={say('rule.jurisdiction')}
      min={0}
      max={1440}
      allowDecimal={false}
      hideControls
      onChange={(v) => {
        if (typeof v === 'number') onChange(v)
        else if (name.startsWith('retention.')) onChange(null)
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
