import { NativeSelect, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { type CaseNotice, casePeople } from '../api/case-people.ts'
import { formatInstant } from '../format.ts'
import { useLanguage } from '../language.ts'
import { dueWords } from '../lawful-words.ts'
import { useNow } from '../now.ts'
import { useMay } from '../session.tsx'
import { Act } from '../ui/act.tsx'
import { useChange } from '../ui/mutate.ts'
import { Trouble } from '../ui/state.tsx'

const VIA = ['letter', 'email', 'visit', 'telephone'] as const
const TOUCHES = ['case-people', 'incident', 'incidents']

/** The notices that laws ask for: each with its deadline, its draft, and who writes what is missing. */
export function Notices({ id, notices }: { id: string; notices: readonly CaseNotice[] }) {
  const { say } = useLanguage()
  const [open, setOpen] = useState<string | null>(null)
  return (
    <section className="stack">
      <h2>{say('casework.notices')}</h2>
      <p className="small">{say('casework.noticesTell')}</p>
      {notices.map((notice) => (
        <Notice
          key={`${notice.clock} ${notice.draft?.savedAt ?? 0}`}
          id={id}
          notice={notice}
          open={open === notice.clock}
          setOpen={(on) => setOpen((was) => (on ? notice.clock : was === notice.clock ? null : was))}
        />
      ))}
    </section>
  )
}

interface NoticeProps {
  id: string
  notice: CaseNotice
  /** Its fields are on the page: one notice at a time, or seven of them would bury the case. */
  open: boolean
  setOpen: (on: boolean) => void
}

function Notice({ id, notice, open, setOpen }: NoticeProps) {
  const { say, pick, language } = useLanguage()
  const may = useMay()
  const now = useNow(30_000)
  const late = notice.sentAt === null && notice.dueAt !== null && notice.dueAt < now
  const due =
    notice.dueAt === null
      ? say('casework.noticeWaits')
      : say('casework.noticeDue', { when: dueWords(say, notice.dueAt, now) })
  const drafting = useChange(
    (to: 'en' | 'my') => casePeople.draft(id, notice.clock, to),
    TOUCHES,
    () => setOpen(true),
  )
  const writes = may('write-communication') && notice.sentAt === null
  return (
    <div className="card stack">
      <h3>{pick(notice.words)}</h3>
      <p className={late ? 'stop' : ''}>
        {notice.sentAt === null
          ? due
          : say('casework.noticeSent', { at: formatInstant(notice.sentAt, language) })}
      </p>
      <p className="small">
        {pick(notice.form.name)} · <span lang="en">{notice.form.source}</span>
      </p>
      {notice.draft === null ? null : (
        <p className="small">
          {say('casework.noticeBy', {
            by: notice.draft.by,
            at: formatInstant(notice.draft.savedAt, language),
          })}
        </p>
      )}
      {writes ? (
        <div className="line">
          <Act busy={drafting.isPending} onClick={() => drafting.mutate('en')}>
            {say('casework.draftEn')}
          </Act>
          <Act busy={drafting.isPending} onClick={() => drafting.mutate('my')}>
            {say('casework.draftMy')}
          </Act>
        </div>
      ) : null}
      {drafting.isError ? <Trouble error={drafting.error} /> : null}
      {writes && notice.draft !== null ? (
        <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
          <summary>{say('casework.complete', { count: notice.missing.length })}</summary>
          {open ? (
            <div className="stack">
              <Complete id={id} notice={notice} />
            </div>
          ) : null}
        </details>
      ) : null}
    </div>
  )
}

function Complete({ id, notice }: { id: string; notice: CaseNotice }) {
  const { say, pick } = useLanguage()
  const kept = Object.fromEntries(notice.fields.map((field) => [field.id, field.text]))
  const [texts, setTexts] = useState<Record<string, string>>(kept)
  const keeping = useChange(() => casePeople.write(id, notice.clock, texts), TOUCHES)
  const changed = notice.fields.some((field) => texts[field.id] !== field.text)
  return (
    <>
      {notice.fields.map((field) => {
        const what = pick(field.words)
        return (
          <Textarea
            key={field.id}
            label={field.optional ? say('casework.optional', { what }) : what}
            value={texts[field.id] ?? ''}
            lang={notice.draft?.language}
            maxLength={10_000}
            autosize
            onChange={(event) => setTexts({ ...texts, [field.id]: event.currentTarget.value })}
          />
        )
      })}
      <Act busy={keeping.isPending} onClick={() => keeping.mutate(undefined)}>
        {say('casework.keep')}
      </Act>
      {keeping.isError ? <Trouble error={keeping.error} /> : null}
      <Send id={id} notice={notice} changed={changed} />
    </>
  )
}

function Send({ id, notice, changed }: { id: string; notice: CaseNotice; changed: boolean }) {
  const { say } = useLanguage()
  const ways = notice.to === 'customer' ? (['page', ...VIA] as const) : VIA
  const [via, setVia] = useState<(typeof ways)[number]>(ways[0])
  const [name, setName] = useState('')
  const [says, setSays] = useState('')
  const asked = { clock: notice.clock, via, name: name.trim(), says: says.trim() }
  const sending = useChange(() => casePeople.sendNotice(id, asked), TOUCHES)
  const why = changed
    ? say('casework.unkept')
    : notice.missing.length > 0
      ? say('casework.missing', { count: notice.missing.length })
      : asked.name === ''
        ? say('casework.sayWhy')
        : asked.says.length < 10
          ? say('casework.saysShort')
          : null
  return (
    <>
      <NativeSelect
        label={say('casework.via')}
        value={via}
        data={ways.map((value) => ({ value, label: say(`casework.via.${value}`) }))}
        onChange={(event) => setVia(event.currentTarget.value as typeof via)}
      />
      <TextInput
        label={say('casework.name')}
        value={name}
        maxLength={200}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput
        label={say('casework.sendSays')}
        value={says}
        maxLength={4000}
        onChange={(event) => setSays(event.currentTarget.value)}
      />
      <Act tone="main" busy={sending.isPending} why={why} onClick={() => sending.mutate(undefined)}>
        {say(via === 'page' ? 'casework.sendPage' : 'casework.send')}
      </Act>
      {sending.isError ? <Trouble error={sending.error} /> : null}
    </>
  )
}
