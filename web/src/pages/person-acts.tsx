import { NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { CALL_DETAIL_COURSE, ROLE_WORDS, ROLES, type Role } from '../../../src/staff/staff.ts'
import { type PersonView, people } from '../api/people.ts'
import { formatInstant } from '../format.ts'
import { useLanguage } from '../language.ts'
import { useMay } from '../session.tsx'
import { Act } from '../ui/act.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { useChange } from '../ui/mutate.ts'
import { Trouble } from '../ui/state.tsx'

const TOUCHES = ['person', 'people', 'role-proposals'] as const
const DAY_MS = 86_400_000

/** What may be changed about a person; what may not says why. */
export function PersonActs({ view }: { view: PersonView }) {
  const { say } = useLanguage()
  const may = useMay()
  const { person } = view
  const id = person.id
  const frozen = person.status === 'frozen'
  const gone = person.status === 'dismissed'
  const offered = may('freeze-person') || may('dismiss-person') || may('propose-role') || may('lift-freeze')
  if (!offered) return <p className="small">{say('person.actsNone')}</p>
  return (
    <div className="stack">
      <div className="line acts">
        {may('freeze-person') && !frozen && !gone ? (
          <ReasonedAct
            label={say('person.freeze', { name: person.name })}
            act={say('person.freezeAct')}
            lead={say('person.freezeLead')}
            why={view.may['freeze-person'] ?? null}
            run={(reason) => people.freeze(id, reason)}
          />
        ) : null}
        {frozen ? (
          <ReasonedAct
            label={say('person.unfreeze')}
            act={say('person.unfreeze')}
            lead={say('person.unfreezeLead')}
            why={view.may['lift-freeze'] ?? null}
            run={(reason) => people.liftFreeze(id, reason)}
          />
        ) : null}
        {may('dismiss-person') && !gone ? (
          <ReasonedAct
            label={say('person.dismiss', { name: person.name })}
            act={say('person.dismissAct')}
            lead={say('person.dismissLead')}
            why={view.may['dismiss-person'] ?? null}
            clause
            run={(reason, clause) => people.dismiss(id, clause, reason)}
          />
        ) : null}
        {may('end-sessions') && view.openSessions > 0 ? (
          <ReasonedAct
            label={say('person.endSessions')}
            act={say('person.endSessions')}
            lead={say('person.endSessionsLead')}
            why={view.may['end-sessions'] ?? null}
            run={(reason) => people.endSessions(id, reason)}
          />
        ) : null}
        {may('approve-off-shift') && !gone ? (
          <ReasonedAct
            label={say('person.offShiftApprove')}
            act={say('person.offShiftApprove')}
            lead={say('person.offShiftLead')}
            why={view.may['approve-off-shift'] ?? null}
            run={(reason) => people.approveOffShift(id, Date.now() + 8 * 3_600_000, reason)}
          />
        ) : null}
        {may('record-training') && !gone ? <Training view={view} /> : null}
        {may('issue-enrolment') && !gone ? <Enrolment view={view} /> : null}
      </div>
      {may('propose-role') && !gone ? <Roles view={view} /> : null}
    </div>
  )
}

interface ReasonedActProps {
  label: string
  act: string
  lead: string
  why: string | null
  clause?: boolean
  run: (reason: string, clause: string) => Promise<unknown>
}

/** A change with its consequence said, that needs a reason. */
function ReasonedAct({ label, act, lead, why, clause = false, run }: ReasonedActProps) {
  const { say } = useLanguage()
  const [open, setOpen] = useState(false)
  const [reason, setReason] = useState('')
  const [broken, setBroken] = useState('')
  const change = useChange(
    () => run(reason.trim(), broken.trim()),
    TOUCHES,
    () => {
      setOpen(false)
      setReason('')
    },
  )
  const missing =
    reason.trim().length < 10
      ? say('person.reasonMissing')
      : clause && broken.trim() === ''
        ? say('person.clauseMissing')
        : null
  return (
    <>
      <Act tone="stop" why={why} onClick={() => setOpen(true)}>
        {label}
      </Act>
      <Dialog
        title={label}
        open={open}
        onClose={() => setOpen(false)}
        onSubmit={() => change.mutate(undefined)}
        act={act}
        tone="stop"
        why={missing}
        busy={change.isPending}
      >
        <p>{lead}</p>
        {clause ? (
          <TextInput
            label={say('person.clause')}
            value={broken}
            maxLength={200}
            onChange={(event) => setBroken(event.currentTarget.value)}
          />
        ) : null}
        <Textarea
          label={say('person.reason')}
          value={reason}
          maxLength={1000}
          minRows={2}
          autosize
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {change.isError ? <Trouble error={change.error} /> : null}
      </Dialog>
    </>
  )
}

function Training({ view }: { view: PersonView }) {
  const { say } = useLanguage()
  const record = useChange(() => {
    const now = Date.now()
    return people.recordTraining(view.person.id, {
      course: CALL_DETAIL_COURSE,
      passedAt: now,
      expiresAt: now + 365 * DAY_MS,
    })
  }, TOUCHES)
  return (
    <div>
      <Act
        busy={record.isPending}
        why={view.may['record-training'] ?? null}
        onClick={() => record.mutate(undefined)}
      >
        {say('person.training')}
      </Act>
      {record.isError ? <Trouble error={record.error} /> : null}
    </div>
  )
}

function Enrolment({ view }: { view: PersonView }) {
  const { say, language } = useLanguage()
  const issue = useMutation({ mutationFn: () => people.enrolment(view.person.id), gcTime: 0 })
  return (
    <div>
      <Act busy={issue.isPending} why={view.may['issue-enrolment'] ?? null} onClick={() => issue.mutate()}>
        {say('person.enrol')}
      </Act>
      {issue.data ? (
        <div className="card good" role="status">
          <p className="small">{say('person.enrolLead')}</p>
          <p className="mono">{issue.data.link}</p>
          <p className="small">
            {say('contact.until', { until: formatInstant(issue.data.expiresAt, language) })}
          </p>
        </div>
      ) : null}
      {issue.isError ? <Trouble error={issue.error} /> : null}
    </div>
  )
}

function Roles({ view }: { view: PersonView }) {
  const { say, pick } = useLanguage()
  const { person } = view
  const free = ROLES.filter((role) => !person.roles.includes(role))
  const [role, setRole] = useState<Role>(free[0] ?? 'champion')
  const [reason, setReason] = useState('')
  const propose = useChange(
    () => people.proposeRole(person.id, role, reason.trim()),
    TOUCHES,
    () => setReason(''),
  )
  return (
    <div className="stack">
      <h3>{say('person.roles')}</h3>
      <ul className="list">
        {person.roles.map((held) => (
          <li key={held} className="line between">
            {pick(ROLE_WORDS[held])}
            <ReasonedAct
              label={say('person.roleTake')}
              act={say('person.roleTake')}
              lead={pick(ROLE_WORDS[held])}
              why={view.may['take-role'] ?? null}
              run={(why) => people.takeRole(person.id, held, why)}
            />
          </li>
        ))}
      </ul>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault()
          if (reason.trim().length >= 10) propose.mutate(undefined)
        }}
      >
        <div className="fields">
          <NativeSelect
            label={say('person.roleGive')}
            value={role}
            onChange={(event) => setRole(event.currentTarget.value as Role)}
            data={free.map((value) => ({ value, label: pick(ROLE_WORDS[value]) }))}
          />
          <TextInput
            label={say('person.reason')}
            value={reason}
            maxLength={1000}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
        </div>
        <p className="small">{say('person.roleGiveLead')}</p>
        <Act
          type="submit"
          busy={propose.isPending}
          why={reason.trim().length < 10 ? say('person.reasonMissing') : null}
        >
          {say('person.roleGive')}
        </Act>
        {propose.isError ? <Trouble error={propose.error} /> : null}
      </form>
    </div>
  )
}
