import { Checkbox, FileInput, NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { DEED_CHECKS, REPRESENTATIVE_KINDS } from '../../../src/incident/representative-rules.ts'
import { type CasePeople, type CaseRepresentation, casePeople } from '../api/case-people.ts'
import { formatInstant } from '../format.ts'
import { useLanguage } from '../language.ts'
import { useMay } from '../session.tsx'
import { Act } from '../ui/act.tsx'
import { useChange } from '../ui/mutate.ts'
import { saveFile } from '../ui/save-file.ts'
import { Trouble } from '../ui/state.tsx'
import { endOfLocalDay } from './case-day.ts'

/** Who speaks for the customer, who did, and the form that lets somebody, after the deed was checked line by line. */
export function Representatives({ id, people }: { id: string; people: CasePeople }) {
  const { say } = useLanguage()
  const may = useMay()
  const opens = may('admit-representative') && !people.represented
  return (
    <section>
      <h2>{say('casework.represented')}</h2>
      {people.represented ? null : <p className="small">{say('casework.representedNone')}</p>}
      {people.representations.map((one) => (
        <Representation key={one.id} id={id} one={one} />
      ))}
      {opens && !people.customerKnown ? <p className="small">{say('casework.customerUnknown')}</p> : null}
      {may('admit-representative') ? <Open id={id} offered={opens && people.customerKnown} /> : null}
    </section>
  )
}

function Representation({ id, one }: { id: string; one: CaseRepresentation }) {
  const { say, language } = useLanguage()
  const may = useMay()
  const [says, setSays] = useState('')
  const ending = useChange(
    () => casePeople.endRepresentation(id, one.id, says.trim()),
    ['case-people', 'incident'],
  )
  const standing = one.speaks
    ? say('casework.speaks', { until: formatInstant(one.untilAt, language) })
    : say(`casework.endedBy.${one.endedBy ?? 'time'}`, {
        at: formatInstant(one.endedAt ?? one.untilAt, language),
      })
  return (
    <div className="card stack">
      <p>
        <b>{one.name}</b> · {say(`casework.kind.${one.kind}`)} {one.licence} · {standing}
        {one.speaks && one.enrolledAt === null ? ` · ${say('casework.notEnrolled')}` : ''}
      </p>
      <p className="small">
        {one.contact} · {say('casework.deed', { digest: one.digest.slice(0, 16) })} · {one.openedBy}
      </p>
      <p className="small">{one.says}</p>
      {may('admit-representative') ? <ReadDeed id={id} representation={one.id} /> : null}
      {one.speaks && may('admit-representative') ? (
        <>
          <p className="small">{say('casework.endTell')}</p>
          <TextInput
            label={say('casework.endSays')}
            value={says}
            maxLength={4000}
            onChange={(event) => setSays(event.currentTarget.value)}
          />
          <Act
            tone="stop"
            busy={ending.isPending}
            why={says.trim().length < 10 ? say('casework.saysShort') : null}
            onClick={() => ending.mutate(undefined)}
          >
            {say('casework.end')}
          </Act>
          {ending.isError ? <Trouble error={ending.error} /> : null}
        </>
      ) : null}
    </div>
  )
}

/** Whoever reads the deed leaves an entry; the button says so. */
function ReadDeed({ id, representation }: { id: string; representation: string }) {
  const { say } = useLanguage()
  const reading = useChange(async () => {
    const { name, bytes } = await casePeople.deed(id, representation)
    saveFile(name, bytes)
  }, ['incident'])
  return (
    <>
      <p className="small">{say('casework.deedTell')}</p>
      <Act tone="plain" busy={reading.isPending} onClick={() => reading.mutate(undefined)}>
        {say('casework.deedRead')}
      </Act>
      {reading.isError ? <Trouble error={reading.error} /> : null}
    </>
  )
}

function Open({ id, offered }: { id: string; offered: boolean }) {
  const { say } = useLanguage()
  const client = useQueryClient()
  const [name, setName] = useState('')
  const [kind, setKind] = useState<(typeof REPRESENTATIVE_KINDS)[number]>('advocate')
  const [licence, setLicence] = useState('')
  const [contact, setContact] = useState('')
  const [until, setUntil] = useState('')
  const [file, setFile] = useState<File | null>(null)
  const [checks, setChecks] = useState<string[]>([])
  const [says, setSays] = useState('')
  const opening = useMutation({
    mutationFn: async (deed: File) =>
      casePeople.represent(id, {
        ...{ name: name.trim(), kind, licence: licence.trim(), checks, says: says.trim() },
        contact: { kind: contact.includes('@') ? 'email' : 'telephone', to: contact.trim() },
        untilAt: endOfLocalDay(until),
        deed: await base64Of(deed),
      }),
    gcTime: 0,
    onSuccess: () => client.invalidateQueries({ queryKey: ['case-people'] }),
  })
  if (opening.data !== undefined && !offered)
    return (
      <div className="card stack">
        <p>{say('casework.link')}</p>
        <code style={{ overflowWrap: 'anywhere' }}>{opening.data.link}</code>
      </div>
    )
  if (!offered) return null
  const texts = [name, licence, contact, until].every((text) => text.trim() !== '')
  const whole = texts && file !== null && checks.length === DEED_CHECKS.length && says.trim().length >= 10
  return (
    <details>
      <summary>{say('casework.open')}</summary>
      <form
        className="card stack"
        onSubmit={(event) => {
          event.preventDefault()
          if (whole && file !== null) opening.mutate(file)
        }}
      >
        <p className="small">{say('casework.openTell')}</p>
        <TextInput
          label={say('casework.fullName')}
          value={name}
          maxLength={200}
          onChange={(e) => setName(e.currentTarget.value)}
        />
        <NativeSelect
          label={say('casework.kind')}
          value={kind}
          data={REPRESENTATIVE_KINDS.map((value) => ({ value, label: say(`casework.kind.${value}`) }))}
          onChange={(e) => setKind(e.currentTarget.value as typeof kind)}
        />
        <TextInput
          label={say('casework.licence')}
          value={licence}
          maxLength={100}
          onChange={(e) => setLicence(e.currentTarget.value)}
        />
        <TextInput
          label={say('casework.contact')}
          value={contact}
          maxLength={200}
          onChange={(e) => setContact(e.currentTarget.value)}
        />
        <TextInput
          type="date"
          label={say('casework.until')}
          value={until}
          onChange={(e) => setUntil(e.currentTarget.value)}
        />
        <FileInput
          label={say('casework.file')}
          value={file}
          onChange={setFile}
          accept="application/pdf,image/jpeg,image/png"
        />
        <Checkbox.Group label={say('casework.checks')} value={checks} onChange={setChecks}>
          {DEED_CHECKS.map((check) => (
            <Checkbox key={check} value={check} label={say(`casework.check.${check}`)} />
          ))}
        </Checkbox.Group>
        <Textarea
          label={say('casework.checkSays')}
          value={says}
          maxLength={4000}
          onChange={(e) => setSays(e.currentTarget.value)}
        />
        <Act type="submit" tone="main" busy={opening.isPending} why={whole ? null : say('casework.openWhy')}>
          {say('casework.openGo')}
        </Act>
        {opening.isError ? <Trouble error={opening.error} /> : null}
      </form>
    </details>
  )
}

async function base64Of(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer())
  let text = ''
  for (const byte of bytes) text += String.fromCharCode(byte)
  return btoa(text)
}
