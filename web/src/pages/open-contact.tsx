import { NativeSelect, TextInput } from '@mantine/core'
import { useEffect, useRef, useState } from 'react'
import type { Channel } from '../../../src/care/schemas.ts'
import { takeNumber } from '../handoff.ts'
import { useLanguage } from '../language.ts'
import { Act } from '../ui/act.tsx'
import { Trouble } from '../ui/state.tsx'
import { useOpenContact } from './care.tsx'

const CHANNELS: readonly Channel[] = ['call', 'shop', 'chat', 'app']

/** A contact by number and channel: for visits and chats, and for calls the telephony system did not tell of. */
export function OpenContact() {
  const { say } = useLanguage()
  const field = useRef<HTMLInputElement>(null)
  const [number, setNumber] = useState('')
  const [channel, setChannel] = useState<Channel>('call')
  const [ticket, setTicket] = useState('')
  const open = useOpenContact()
  useEffect(() => {
    const handed = takeNumber()
    if (handed === '') return
    setNumber(handed)
    field.current?.focus()
  }, [])
  const ready = number.trim().length >= 3
  return (
    <form
      className="card stack"
      autoComplete="off"
      onSubmit={(event) => {
        event.preventDefault()
        if (!ready || open.isPending) return
        const body = { number: number.trim(), channel }
        open.mutate(ticket.trim() === '' ? body : { ...body, ticket: ticket.trim() })
      }}
    >
      <p className="small">{say('care.openLead')}</p>
      <div className="fields">
        <TextInput
          ref={field}
          label={say('care.number')}
          value={number}
          inputMode="tel"
          autoComplete="off"
          maxLength={32}
          placeholder="09"
          onChange={(event) => setNumber(event.currentTarget.value)}
        />
        <NativeSelect
          label={say('care.channel')}
          value={channel}
          onChange={(event) => setChannel(event.currentTarget.value as Channel)}
          data={CHANNELS.map((value) => ({ value, label: say(`channel.${value}`) }))}
        />
        <TextInput
          label={`${say('care.ticket')} (${say('care.optional')})`}
          value={ticket}
          maxLength={64}
          onChange={(event) => setTicket(event.currentTarget.value)}
        />
      </div>
      <Act type="submit" busy={open.isPending} why={ready ? null : say('care.numberMissing')}>
        {say('care.open')}
      </Act>
      {open.isError ? <Trouble error={open.error} /> : null}
    </form>
  )
}
