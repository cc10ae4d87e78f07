import { NativeSelect } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { type Contact, care } from '../api/care.ts'
import { useLanguage } from '../language.ts'
import type { Look } from '../look.ts'
import { Act } from '../ui/act.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Trouble } from '../ui/state.tsx'

/** The whole itemised statement, to her own channel; the champion does not see it. */
export function SendStatement({ contact, look, active }: { contact: Contact; look: Look; active: boolean }) {
  const { say, pick } = useLanguage()
  const [open, setOpen] = useState(false)
  const [language, setLanguage] = useState(contact.person.language)
  const [channel, setChannel] = useState<'text' | 'email'>('text')
  const statement = useMutation({
    mutationFn: () => care.statement(look.grant!.id, { language, channel }),
    onSuccess: (sent) => {
      look.renew(sent.grant)
      setOpen(false)
      notifications.show({ message: pick(sent.sentTo) })
    },
  })
  return (
    <>
      <Act tone="main" wide why={active ? null : say('act.needsLook')} onClick={() => setOpen(true)}>
        {say('act.statement')}
      </Act>
      <Dialog
        title={say('act.statement')}
        open={open}
        onClose={() => setOpen(false)}
        onSubmit={() => statement.mutate()}
        act={say('act.statementSend')}
        busy={statement.isPending}
      >
        <p className="small">{say('act.statementLead')}</p>
        <NativeSelect
          label={say('act.statementLanguage')}
          value={language}
          onChange={(event) => setLanguage(event.currentTarget.value === 'my' ? 'my' : 'en')}
          data={[
            { value: 'my', label: say('contact.lang.my') },
            { value: 'en', label: say('contact.lang.en') },
          ]}
        />
        <NativeSelect
          label={say('act.statementChannel')}
          value={channel}
          onChange={(event) => setChannel(event.currentTarget.value === 'email' ? 'email' : 'text')}
          data={[
            { value: 'text', label: say('act.statementText') },
            { value: 'email', label: say('act.statementEmail') },
          ]}
        />
        {statement.isError ? <Trouble error={statement.error} /> : null}
      </Dialog>
    </>
  )
}
