import { Checkbox, FileInput, NativeSelect, Radio, Textarea, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { FIELDS, type FilingInput, type LawfulFrame, regulator } from '../api/lawful.ts'
import { useLanguage } from '../language.ts'
import { dayOfSecond, dayStart } from '../lawful-words.ts'
import { Act } from '../ui/act.tsx'
import { Page } from '../ui/page.tsx'
import { Answer, Trouble } from '../ui/state.tsx'
import { useFrames } from './lawful.tsx'

const DAY_SECONDS = 86_400
const TYPES = ['msisdn', 'imsi', 'imei', 'name', 'area', 'other'] as const
const ROLES = ['suspect', 'victim', 'witness', 'unknown'] as const
const URGENCIES = ['routine', 'priority', 'emergency'] as const

/** Files a request. */
export function CounterFile() {
  const { say } = useLanguage()
  const frames = useFrames()
  const navigate = useNavigate()
  return (
    <Page title={say('counter.file')}>
      <Answer query={frames}>
        {({ frames: all }) => (
          <FilingForm
            frames={all}
            act={say('counter.send')}
            send={(filing, letter) => regulator.file(filing, letter)}
            done={(id) => void navigate({ to: '/regulator/requests/$id', params: { id } })}
          />
        )}
      </Answer>
    </Page>
  )
}

function emptyFiling(frame: LawfulFrame): FilingInput {
  const today = Math.floor(Date.now() / 1000 / DAY_SECONDS) * DAY_SECONDS
  return {
    frame: frame.id,
    requestNumber: '',
    authority: frame.authorities[0]?.id ?? '',
    officer: { name: '', rank: '', phone: '' },
    caseNumber: '',
    category: frame.categories[0]?.id ?? '',
    offence: '',
    basis: frame.bases[0]?.code ?? '',
    paper: { date: dayOfSecond(today), authorisedBy: '', rank: '' },
    identifiers: [
      {
        type: 'msisdn',
        value: '',
        role: 'suspect',
        from: dayStart(dayOfSecond(today - 9 * DAY_SECONDS)),
        until: dayStart(dayOfSecond(today)),
      },
    ],
    fields: ['time', 'length', 'kind', 'other-number'],
    asksContent: false,
    necessity: '',
    urgency: 'routine',
    threatToLife: null,
    secrecyUntil: null,
    preserveOnly: false,
  }
}

/** The form of a filing, empty or with what was filed before. */
export function FilingForm({
  frames,
  start,
  act,
  send,
  done,
}: {
  frames: readonly LawfulFrame[]
  start?: FilingInput
  act: string
  send: (filing: FilingInput, letter: string | null) => Promise<{ id: string }>
  done: (id: string) => void
}) {
  const { say } = useLanguage()
  const client = useQueryClient()
  const [filing, setFiling] = useState<FilingInput>(() => start ?? emptyFiling(frames[0]!))
  const [letter, setLetter] = useState<File | null>(null)
  const frame = frames.find(({ id }) => id === filing.frame) ?? frames[0]!
  const file = useMutation({
    mutationFn: async () => send(filing, letter === null ? null : await base64Of(letter)),
    onSuccess: async ({ id }) => {
      await client.invalidateQueries({ queryKey: ['counter'] })
      done(id)
    },
  })
  const change = (more: Partial<FilingInput>) => setFiling({ ...filing, ...more })
  const why = isWhole(filing) ? null : say('counter.fill')
  return (
    <form
      className="stack wide"
      onSubmit={(event) => {
        event.preventDefault()
        if (why === null && !file.isPending) file.mutate()
      }}
    >
      <WhoAsks filing={filing} frame={frame} frames={frames} fixed={start !== undefined} change={change} />
      <WhatIsAsked filing={filing} change={change} />
      <WhyAndWhen filing={filing} change={change} />
      <FileInput
        label={say('counter.letter')}
        accept="application/pdf"
        value={letter}
        onChange={setLetter}
        clearable
      />
      <Act type="submit" tone="main" busy={file.isPending} why={why}>
        {act}
      </Act>
      {file.isError ? <Trouble error={file.error} /> : null}
    </form>
  )
}

interface PartProps {
  filing: FilingInput
  change: (more: Partial<FilingInput>) => void
}

function WhoAsks({
  filing,
  frame,
  frames,
  fixed,
  change,
}: PartProps & { frame: LawfulFrame; frames: readonly LawfulFrame[]; fixed: boolean }) {
  const { say, pick } = useLanguage()
  const basis = frame.bases.find(({ code }) => code === filing.basis)
  const listed = frame.categories.some(({ id }) => id === filing.category)
  const officer = (more: object) => change({ officer: { ...filing.officer, ...more } })
  return (
    <section className="card stack">
      <div className="fields">
        <NativeSelect
          label={say('lawful.frame')}
          value={frame.id}
          disabled={fixed}
          onChange={(event) => {
            const next = frames.find(({ id }) => id === event.currentTarget.value)
            if (next) change(emptyFiling(next))
          }}
          data={frames.map(({ id, name }) => ({ value: id, label: pick(name) }))}
        />
        <TextInput
          label={say('counter.number')}
          value={filing.requestNumber}
          readOnly={fixed}
          maxLength={64}
          onChange={(event) => change({ requestNumber: event.currentTarget.value })}
        />
        <NativeSelect
          label={say('lawful.authority')}
          value={filing.authority}
          onChange={(event) => change({ authority: event.currentTarget.value })}
          data={frame.authorities.map(({ id, name }) => ({ value: id, label: pick(name) }))}
        />
        <TextInput
          label={say('counter.officer')}
          value={filing.officer.name}
          maxLength={120}
          onChange={(event) => officer({ name: event.currentTarget.value })}
        />
        <TextInput
          label={say('counter.rank')}
          value={filing.officer.rank}
          maxLength={120}
          onChange={(event) => officer({ rank: event.currentTarget.value })}
        />
        <TextInput
          label={say('counter.phone')}
          value={filing.officer.phone}
          maxLength={120}
          onChange={(event) => officer({ phone: event.currentTarget.value })}
        />
        <TextInput
          label={say('counter.caseNumber')}
          value={filing.caseNumber}
          maxLength={120}
          onChange={(event) => change({ caseNumber: event.currentTarget.value })}
        />
        <NativeSelect
          label={say('counter.category')}
          value={listed ? filing.category : 'other'}
          onChange={(event) => change({ category: event.currentTarget.value })}
          data={[
            ...frame.categories.map(({ id, words }) => ({ value: id, label: pick(words) })),
            { value: 'other', label: say('counter.other') },
          ]}
        />
        <TextInput
          label={say('counter.offence')}
          value={filing.offence}
          maxLength={120}
          onChange={(event) => change({ offence: event.currentTarget.value })}
        />
        <NativeSelect
          label={say('lawful.basis')}
          value={filing.basis}
          onChange={(event) => change({ basis: event.currentTarget.value })}
          data={frame.bases.map(({ code, title }) => ({ value: code, label: pick(title) }))}
        />
      </div>
      {basis === undefined ? null : (
        <p className="small">
          {say('counter.basisSays')}: {pick(basis.says)}
        </p>
      )}
    </section>
  )
}

function WhatIsAsked({ filing, change }: PartProps) {
  const { say } = useLanguage()
  const { identifiers } = filing
  const set = (n: number, more: Partial<FilingInput['identifiers'][number]>) =>
    change({ identifiers: identifiers.map((one, at) => (at === n ? { ...one, ...more } : one)) })
  return (
    <section className="card stack">
      {identifiers.map((one, n) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a number's place in the list is its name
        <fieldset key={n} className="standard stack tight">
          <legend>{say('counter.identifier', { n: n + 1 })}</legend>
          <div className="fields">
            <NativeSelect
              label={say('counter.kind')}
              value={one.type}
              onChange={(event) => set(n, { type: event.currentTarget.value as (typeof TYPES)[number] })}
              data={TYPES.map((value) => ({ value, label: say(`lawful.type.${value}`) }))}
            />
            <TextInput
              label={say(`lawful.type.${one.type}`)}
              value={one.value}
              maxLength={120}
              onChange={(event) => set(n, { value: event.currentTarget.value })}
            />
            <NativeSelect
              label={say('counter.role')}
              value={one.role}
              onChange={(event) => set(n, { role: event.currentTarget.value as (typeof ROLES)[number] })}
              data={ROLES.map((value) => ({ value, label: say(`lawful.role.${value}`) }))}
            />
            <TextInput
              type="date"
              label={say('lawful.from')}
              value={dayOfSecond(one.from)}
              onChange={(event) =>
                event.currentTarget.value && set(n, { from: dayStart(event.currentTarget.value) })
              }
            />
            <TextInput
              type="date"
              label={say('lawful.until')}
              value={dayOfSecond(one.until - 1)}
              onChange={(event) =>
                event.currentTarget.value &&
                set(n, { until: dayStart(event.currentTarget.value) + DAY_SECONDS })
              }
            />
          </div>
          {identifiers.length > 1 ? (
            <Act
              tone="plain"
              onClick={() => change({ identifiers: identifiers.filter((_, at) => at !== n) })}
            >
              {say('counter.dropNumber', { n: n + 1 })}
            </Act>
          ) : null}
        </fieldset>
      ))}
      <Act onClick={() => change({ identifiers: [...identifiers, { ...identifiers[0]!, value: '' }] })}>
        {say('counter.addNumber')}
      </Act>
      <fieldset className="standard stack tight">
        <legend>{say('lawful.fields')}</legend>
        {FIELDS.map((field) => (
          <Checkbox
            key={field}
            label={say(`lawful.field.${field}`)}
            checked={filing.fields.includes(field)}
            onChange={(event) => {
              const on = event.currentTarget.checked
              change({ fields: FIELDS.filter((f) => (f === field ? on : filing.fields.includes(f))) })
            }}
          />
        ))}
        <Checkbox
          label={say('counter.asksContent')}
          checked={filing.asksContent}
          onChange={(event) => change({ asksContent: event.currentTarget.checked })}
        />
      </fieldset>
      <Checkbox
        label={say('counter.preserveOnly')}
        checked={filing.preserveOnly}
        onChange={(event) => change({ preserveOnly: event.currentTarget.checked })}
      />
    </section>
  )
}

function WhyAndWhen({ filing, change }: PartProps) {
  const { say } = useLanguage()
  const { paper } = filing
  const urgent = filing.urgency === 'emergency'
  const sign = (more: object) =>
    change({ paper: { date: '', authorisedBy: '', rank: '', ...paper, ...more } })
  return (
    <section className="card stack">
      <Textarea
        label={say('counter.necessity')}
        value={filing.necessity}
        maxLength={4000}
        minRows={2}
        autosize
        onChange={(event) => change({ necessity: event.currentTarget.value })}
      />
      <Radio.Group
        label={say('counter.urgency')}
        value={filing.urgency}
        onChange={(value) => change({ urgency: value as (typeof URGENCIES)[number] })}
      >
        <div className="line">
          {URGENCIES.map((value) => (
            <Radio key={value} value={value} label={say(`lawful.urgency.${value}`)} />
          ))}
        </div>
      </Radio.Group>
      {urgent ? (
        <>
          <Textarea
            label={say('counter.threat')}
            value={filing.threatToLife ?? ''}
            maxLength={2000}
            minRows={2}
            autosize
            onChange={(event) => change({ threatToLife: event.currentTarget.value })}
          />
          <Checkbox
            label={say('counter.paperFollows')}
            checked={paper === null}
            onChange={(event) =>
              change({
                paper: event.currentTarget.checked ? null : { date: '', authorisedBy: '', rank: '' },
              })
            }
          />
        </>
      ) : null}
      {paper === null && urgent ? null : (
        <div className="fields">
          <TextInput
            type="date"
            label={say('counter.paperDate')}
            value={paper?.date ?? ''}
            onChange={(event) => sign({ date: event.currentTarget.value })}
          />
          <TextInput
            label={say('counter.authorisedBy')}
            value={paper?.authorisedBy ?? ''}
            maxLength={120}
            onChange={(event) => sign({ authorisedBy: event.currentTarget.value })}
          />
          <TextInput
            label={say('counter.authorisedRank')}
            value={paper?.rank ?? ''}
            maxLength={120}
            onChange={(event) => sign({ rank: event.currentTarget.value })}
          />
        </div>
      )}
      <TextInput
        type="date"
        label={say('counter.secrecy')}
        description={say('counter.secrecyHint')}
        value={filing.secrecyUntil === null ? '' : dayOfSecond(filing.secrecyUntil / 1000)}
        onChange={(event) => {
          const day = event.currentTarget.value
          change({ secrecyUntil: day === '' ? null : dayStart(day) * 1000 })
        }}
      />
    </section>
  )
}

/** Whether every field has something in it; what is right is the server's to say. */
function isWhole(filing: FilingInput): boolean {
  const { officer, paper } = filing
  const texts = [
    filing.requestNumber,
    officer.name,
    officer.rank,
    officer.phone,
    filing.caseNumber,
    filing.offence,
    ...(paper === null ? [] : Object.values(paper)),
    ...filing.identifiers.map(({ value }) => value),
  ]
  return texts.every((text) => text.trim() !== '') && filing.necessity.trim().length >= 10
}

/** A file as the server takes it. */
export async function base64Of(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer())
  let text = ''
  for (let at = 0; at < bytes.length; at += 0x8000)
    text += String.fromCharCode(...bytes.subarray(at, at + 0x8000))
  return btoa(text)
}
