import { NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { type Encounter, lawful } from '../api/lawful.ts'
import { formatInstant } from '../format.ts'
import { useLanguage } from '../language.ts'
import { Act } from '../ui/act.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { useChange } from '../ui/mutate.ts'
import { Page } from '../ui/page.tsx'
import { Answer, Empty, Trouble } from '../ui/state.tsx'
import { useFrames } from './lawful.tsx'

const HOWS = ['visit', 'letter', 'telephone', 'email'] as const

/** Police who come straight to us: a polite written answer that says where to go. */
export function DoorPage() {
  const { say } = useLanguage()
  const encounters = useQuery({ queryKey: ['encounters'], queryFn: lawful.encounters })
  return (
    <Page title={say('door.title')} lead={say('door.lead')}>
      <div className="stack wide">
        <Misdirected />
        <Answer query={encounters}>
          {({ encounters: all }) =>
            all.length === 0 ? (
              <Empty says={say('door.none')} />
            ) : (
              <ul className="list">
                {all.map((one) => (
                  <Line key={one.id} one={one} />
                ))}
              </ul>
            )
          }
        </Answer>
        <Threat />
      </div>
    </Page>
  )
}

function Line({ one }: { one: Encounter }) {
  const { say, language } = useLanguage()
  const says = 'officer' in one.says ? `${one.says.officer}, ${one.says.authority}` : one.says.by
  return (
    <li className="line between">
      <span>
        {one.serial} · {says}{' '}
        <span className="small">
          {say(`door.${one.kind}`)}, {formatInstant(one.at, language)}
        </span>
      </span>
      {one.kind === 'misdirected' ? <a href={lawful.encounterLetter(one.id)}>{say('door.print')}</a> : null}
    </li>
  )
}

function Misdirected() {
  const { say, pick } = useLanguage()
  const frames = useFrames()
  const [officer, setOfficer] = useState('')
  const [authority, setAuthority] = useState('')
  const [how, setHow] = useState<(typeof HOWS)[number]>('visit')
  const [language, setLanguage] = useState<'en' | 'my'>('my')
  const frame = frames.data?.frames[0]
  const write = useChange(
    () =>
      lawful.misdirected({
        frame: frame?.id ?? '',
        authority: authority.trim(),
        officer: officer.trim(),
        how,
        language,
      }),
    ['encounters'],
    () => {
      setOfficer('')
      setAuthority('')
    },
  )
  const why = officer.trim() === '' || authority.trim() === '' ? say('door.fill') : null
  return (
    <form
      className="card stack"
      onSubmit={(event) => {
        event.preventDefault()
        if (why === null) write.mutate(undefined)
      }}
    >
      <div className="fields">
        <TextInput
          label={say('door.officer')}
          value={officer}
          maxLength={120}
          onChange={(event) => setOfficer(event.currentTarget.value)}
        />
        <TextInput
          label={say('door.authority')}
          value={authority}
          maxLength={120}
          onChange={(event) => setAuthority(event.currentTarget.value)}
        />
        <NativeSelect
          label={say('door.how')}
          value={how}
          onChange={(event) => setHow(event.currentTarget.value as (typeof HOWS)[number])}
          data={HOWS.map((value) => ({ value, label: say(`door.how.${value}`) }))}
        />
        <NativeSelect
          label={say('door.language')}
          value={language}
          onChange={(event) => setLanguage(event.currentTarget.value as 'en' | 'my')}
          data={[
            { value: 'my', label: 'မြန်မာ' },
            { value: 'en', label: 'English' },
          ]}
        />
      </div>
      {frame ? <p className="small">{pick(frame.gate.goTo)}</p> : null}
      <Act type="submit" tone="main" busy={write.isPending} why={why}>
        {say('door.write')}
      </Act>
      {write.isError ? <Trouble error={write.error} /> : null}
    </form>
  )
}

function Threat() {
  const { say } = useLanguage()
  const [open, setOpen] = useState(false)
  const [what, setWhat] = useState('')
  const [by, setBy] = useState('')
  const [threat, setThreat] = useState('')
  const record = useChange(
    () => lawful.tookUnderDuress({ what: what.trim(), by: by.trim(), threat: threat.trim() }),
    ['encounters'],
    () => setOpen(false),
  )
  const why =
    what.trim().length < 10 || by.trim() === '' || threat.trim().length < 3 ? say('counter.fill') : null
  return (
    <div>
      <Act tone="stop" onClick={() => setOpen(true)}>
        {say('door.threat')}
      </Act>
      <Dialog
        title={say('door.threat')}
        open={open}
        onClose={() => setOpen(false)}
        onSubmit={() => record.mutate(undefined)}
        act={say('door.record')}
        tone="stop"
        why={why}
        busy={record.isPending}
      >
        <p className="small">{say('door.threatLead')}</p>
        <Textarea
          label={say('door.what')}
          value={what}
          maxLength={4000}
          minRows={2}
          autosize
          onChange={(event) => setWhat(event.currentTarget.value)}
        />
        <TextInput
          label={say('door.by')}
          value={by}
          maxLength={120}
          onChange={(event) => setBy(event.currentTarget.value)}
        />
        <Textarea
          label={say('door.how2')}
          value={threat}
          maxLength={4000}
          minRows={2}
          autosize
          onChange={(event) => setThreat(event.currentTarget.value)}
        />
        {record.isError ? <Trouble error={record.error} /> : null}
      </Dialog>
    </div>
  )
}
