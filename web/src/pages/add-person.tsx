import { NativeSelect, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { OFFICES, type OfficeId } from '../../../src/staff/staff.ts'
import { people } from '../api/people.ts'
import { useLanguage } from '../language.ts'
import { Act } from '../ui/act.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Trouble } from '../ui/state.tsx'

/** Adds somebody without a role yet; roles are proposed on their page and approved by a second administrator. */
export function AddPerson() {
  const { say, pick } = useLanguage()
  const client = useQueryClient()
  const navigate = useNavigate()
  const [open, setOpen] = useState(false)
  const [name, setName] = useState('')
  const [office, setOffice] = useState<OfficeId>('yangon')
  const [team, setTeam] = useState('')
  const offices = useQuery({ queryKey: ['offices'], queryFn: people.offices, enabled: open })
  const teams = offices.data?.offices.find((o) => o.id === office)?.teams ?? []
  const chosen = teams.some((t) => t.team === team) ? team : (teams[0]?.team ?? '')
  const add = useMutation({
    mutationFn: () => people.add({ name: name.trim(), office, team: chosen }),
    onSuccess: async (added) => {
      await client.invalidateQueries({ queryKey: ['people'] })
      notifications.show({ message: say('people.added', { name: name.trim(), desk: added.deskName }) })
      setOpen(false)
      await navigate({ to: '/people/$id', params: { id: added.id } })
    },
  })
  return (
    <>
      <Act tone="main" onClick={() => setOpen(true)}>
        {say('people.add')}
      </Act>
      <Dialog
        title={say('people.add')}
        open={open}
        onClose={() => setOpen(false)}
        onSubmit={() => add.mutate()}
        act={say('people.addAct')}
        why={name.trim() === '' || chosen === '' ? say('people.addMissing') : null}
        busy={add.isPending}
      >
        <p className="small">{say('people.addLead')}</p>
        <TextInput
          label={say('people.name')}
          value={name}
          maxLength={200}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <NativeSelect
          label={say('people.office')}
          value={office}
          onChange={(event) => setOffice(event.currentTarget.value as OfficeId)}
          data={OFFICES.map((o) => ({ value: o.id, label: pick(o.words) }))}
        />
        <NativeSelect
          label={say('people.team')}
          value={chosen}
          onChange={(event) => setTeam(event.currentTarget.value)}
          data={teams.map((t) => t.team)}
        />
        {add.isError ? <Trouble error={add.error} /> : null}
      </Dialog>
    </>
  )
}
