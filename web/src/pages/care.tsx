import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { type Contact, care, type LiveCall } from '../api/care.ts'
import { useEvents } from '../events.tsx'
import { formatDuration } from '../format.ts'
import { useLanguage } from '../language.ts'
import { useNow } from '../now.ts'
import { useSession } from '../session.tsx'
import { Act } from '../ui/act.tsx'
import { Page } from '../ui/page.tsx'
import { Answer, Empty, Trouble } from '../ui/state.tsx'
import { BreakGlass } from './break-glass.tsx'
import { ContactList } from './contact-list.tsx'
import { OpenContact } from './open-contact.tsx'

/** The champion's desk: who is on my line, a contact by number and channel, my contacts. */
export function Care() {
  const { say } = useLanguage()
  const { person } = useSession()
  const client = useQueryClient()
  const calls = useQuery({ queryKey: ['calls'], queryFn: care.calls, refetchInterval: 20_000 })
  const contacts = useQuery({ queryKey: ['contacts'], queryFn: care.contacts })
  useEvents((name) => {
    if (name === 'call-event' || name === 'resync') void client.invalidateQueries({ queryKey: ['calls'] })
    if (name === 'contact-changed' || name === 'resync')
      void client.invalidateQueries({ queryKey: ['contacts'] })
  })
  return (
    <Page title={say('care.title')}>
      <section aria-live="polite">
        <Answer query={calls}>
          {({ calls: list }) =>
            list.length === 0 ? (
              <Empty says={say('care.noCalls')} next={say('care.noCallsNext', { desk: person.deskName })} />
            ) : (
              <ul className="list">
                {list.map((call) => (
                  <Ringing key={call.call} call={call} />
                ))}
              </ul>
            )
          }
        </Answer>
      </section>
      <section>
        <h2>{say('care.open')}</h2>
        <OpenContact />
      </section>
      <section>
        <h2>{say('care.mine')}</h2>
        <Answer query={contacts}>
          {({ contacts: list }) => <ContactList lines={list} empty={say('care.noneMine')} />}
        </Answer>
      </section>
      <section>
        <BreakGlass />
      </section>
    </Page>
  )
}

function Ringing({ call }: { call: LiveCall }) {
  const { say } = useLanguage()
  const now = useNow()
  const open = useOpenContact()
  return (
    <li className="ringing">
      <div>
        <p className="big">{call.number}</p>
        <p className="small">
          <span className={call.networkAsserted ? 'proven' : ''}>{call.networkAsserted ? '● ' : '○ '}</span>
          {call.networkAsserted ? say('care.asserted') : say('care.notAsserted')} ·{' '}
          {formatDuration((now - call.startedAt) / 1000)}
        </p>
        {open.isError ? <Trouble error={open.error} /> : null}
      </div>
      {call.contact === null ? (
        <Act
          tone="main"
          busy={open.isPending}
          onClick={() => open.mutate({ number: call.number, channel: 'call' })}
        >
          {say('care.answer')}
        </Act>
      ) : (
        <Link to="/care/contacts/$id" params={{ id: call.contact }}>
          {say('care.goOn')}
        </Link>
      )}
    </li>
  )
}

/** Opens a contact and goes to its page. */
export function useOpenContact() {
  const client = useQueryClient()
  const navigate = useNavigate()
  return useMutation({
    mutationFn: care.open,
    onSuccess: async (contact: Contact) => {
      client.setQueryData(['contact', contact.id], contact)
      await navigate({ to: '/care/contacts/$id', params: { id: contact.id } })
    },
  })
}
