import { NativeSelect, Textarea } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { type KeyRow, type LawfulFrame, lawful } from '../api/lawful.ts'
import { formatInstant } from '../format.ts'
import { useLanguage } from '../language.ts'
import { authorityName } from '../lawful-words.ts'
import { useSession } from '../session.tsx'
import { Act } from '../ui/act.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { useChange } from '../ui/mutate.ts'
import { Page } from '../ui/page.tsx'
import { Answer, Empty, Trouble } from '../ui/state.tsx'
import { useFrames } from './lawful.tsx'

/** Keys that packages are encrypted to: written down by one, confirmed by another after a call back. */
export function LawfulKeysPage() {
  const { say } = useLanguage()
  const keys = useQuery({ queryKey: ['lawful-keys'], queryFn: lawful.keys })
  const frames = useFrames()
  const list = frames.data?.frames ?? []
  return (
    <Page
      title={say('lawful.keys')}
      lead={say('lawful.keysLead')}
      aside={list.length === 0 ? null : <AddKey frames={list} />}
    >
      <p>
        <Link to="/lawful">{say('lawful.title')}</Link>
      </p>
      <Answer query={keys}>
        {({ keys: all }) =>
          all.length === 0 ? (
            <Empty says={say('lawful.keysNone')} />
          ) : (
            <ul className="list">
              {all.map((key) => (
                <KeyLine key={key.id} row={key} frame={list.find(({ id }) => id === key.frame)} />
              ))}
            </ul>
          )
        }
      </Answer>
    </Page>
  )
}

function KeyLine({ row, frame }: { row: KeyRow; frame: LawfulFrame | undefined }) {
  const { say, language } = useLanguage()
  const { person } = useSession()
  const confirm = useChange(() => lawful.confirmKey(row.id), ['lawful-keys', 'lawful'])
  const end = useChange(() => lawful.endKey(row.id), ['lawful-keys', 'lawful'])
  const callBack = frame?.authorities.find(({ id }) => id === row.authority)?.callBack ?? ''
  return (
    <li className="stack tight">
      <b>{authorityName(frame, row.authority, language)}</b>
      <span className="mono">{row.recipient}</span>
      {row.confirmed_at === null ? (
        <>
          <span className="small">{say('lawful.keyWaits')}</span>
          <span className="small">{say('lawful.keyCallBack', { number: callBack })}</span>
          <Act
            busy={confirm.isPending}
            why={row.proposed_by === person.id ? say('lawful.keyOwn') : null}
            onClick={() => confirm.mutate(undefined)}
          >
            {say('lawful.keyConfirm')}
          </Act>
        </>
      ) : (
        <span className="small proven">
          {say('lawful.keyStands', { at: formatInstant(row.confirmed_at, language) })}
        </span>
      )}
      <Act tone="plain" busy={end.isPending} onClick={() => end.mutate(undefined)}>
        {say('lawful.keyEnd')}
      </Act>
      {confirm.isError ? <Trouble error={confirm.error} /> : null}
      {end.isError ? <Trouble error={end.error} /> : null}
    </li>
  )
}

function AddKey({ frames }: { frames: readonly LawfulFrame[] }) {
  const { say, pick } = useLanguage()
  const [open, setOpen] = useState(false)
  const [frameId, setFrame] = useState(frames[0]!.id)
  const frame = frames.find(({ id }) => id === frameId) ?? frames[0]!
  const [authority, setAuthority] = useState('')
  const [recipient, setRecipient] = useState('')
  const chosen = frame.authorities.some(({ id }) => id === authority) ? authority : frame.authorities[0]!.id
  const add = useChange(
    () => lawful.proposeKey({ frame: frame.id, authority: chosen, recipient: recipient.trim() }),
    ['lawful-keys'],
    () => {
      setOpen(false)
      setRecipient('')
    },
  )
  return (
    <>
      <Act tone="main" onClick={() => setOpen(true)}>
        {say('lawful.keyAdd')}
      </Act>
      <Dialog
        title={say('lawful.keyAdd')}
        open={open}
        onClose={() => setOpen(false)}
        onSubmit={() => add.mutate(undefined)}
        act={say('lawful.keyAdd')}
        why={recipient.trim().startsWith('age1') ? null : say('lawful.keyText')}
        busy={add.isPending}
      >
        <NativeSelect
          label={say('lawful.frame')}
          value={frame.id}
          onChange={(event) => setFrame(event.currentTarget.value)}
          data={frames.map(({ id, name }) => ({ value: id, label: pick(name) }))}
        />
        <NativeSelect
          label={say('lawful.authority')}
          value={chosen}
          onChange={(event) => setAuthority(event.currentTarget.value)}
          data={frame.authorities.map(({ id, name }) => ({ value: id, label: pick(name) }))}
        />
        <Textarea
          label={say('lawful.keyText')}
          value={recipient}
          maxLength={4000}
          minRows={2}
          autosize
          onChange={(event) => setRecipient(event.currentTarget.value)}
        />
        {add.isError ? <Trouble error={add.error} /> : null}
      </Dialog>
    </>
  )
}
