import { TextInput } from '@mantine/core'
import { browserSupportsWebAuthn } from '@simplewebauthn/browser'
import { useQuery } from '@tanstack/react-query'
import { Navigate } from '@tanstack/react-router'
import { useState } from 'react'
import { OFFICES, ROLE_WORDS, ROLES, type Role } from '../../../src/staff/staff.ts'
import { signInWithPasskey } from '../api/passkey.ts'
import { type DemoPerson, readDemoPeople, readSignIn, signInDemo } from '../api/session.ts'
import { useLanguage } from '../language.ts'
import { useSessionState } from '../session.tsx'
import { Act } from '../ui/act.tsx'
import { LookSwitches } from '../ui/look-switches.tsx'
import { Mark } from '../ui/mark.tsx'
import { Answer, Trouble } from '../ui/state.tsx'

type Enter = (who: string, signIn: () => Promise<unknown>) => Promise<void>

/** The way in: a passkey; in a demo also one click as somebody of each role. */
export function Entrance() {
  const { say } = useLanguage()
  const { session, ended, renew } = useSessionState()
  const [trouble, setTrouble] = useState<unknown>(null)
  const [busy, setBusy] = useState<string | null>(null)
  const door = useQuery({ queryKey: ['sign-in'], queryFn: readSignIn, staleTime: 60_000 })

  const enter: Enter = async (who, signIn) => {
    setBusy(who)
    setTrouble(null)
    try {
      await signIn()
      await renew()
    } catch (error) {
      setTrouble(error)
    } finally {
      setBusy(null)
    }
  }
  // Whoever is signed in goes on to a desk, and only once the session has reached every part of the page.
  if (session !== null) return <Navigate to="/" />
  return (
    <main className="entrance stack wide">
      <header className="line between">
        <h1 className="line">
          <Mark /> {say('app.name')}
        </h1>
        <LookSwitches />
      </header>
      <p className="lead">{door.data ? say('sign.lead', { operator: door.data.operatorName }) : ''}</p>
      {ended ? (
        <div className="card alarm" role="alert">
          {say('sign.ended')}
        </div>
      ) : null}
      {trouble ? <Trouble error={trouble} /> : null}
      {door.data?.directory ? (
        <section className="card stack" aria-labelledby="directory">
          <h2 id="directory">{say('sign.directoryTitle')}</h2>
          <p className="small">{say('sign.directoryLead')}</p>
          <a className="act main" href="/sign-in/directory">
            {say('sign.directory')}
          </a>
        </section>
      ) : null}
      <section className="card stack" aria-labelledby="passkey">
        <h2 id="passkey">{say('sign.title')}</h2>
        <p className="small">{say('sign.passkeyLead')}</p>
        <Act
          tone="main"
          busy={busy === 'passkey'}
          why={browserSupportsWebAuthn() ? null : say('sign.passkeyWhy')}
          onClick={() => void enter('passkey', signInWithPasskey)}
        >
          {say('sign.passkey')}
        </Act>
      </section>
      {door.data?.demo ? <DemoPeople busy={busy} enter={enter} /> : null}
    </main>
  )
}

function DemoPeople({ busy, enter }: { busy: string | null; enter: Enter }) {
  const { say } = useLanguage()
  const people = useQuery({ queryKey: ['demo-people'], queryFn: readDemoPeople, staleTime: 60_000 })
  return (
    <section className="stack">
      <div>
        <h2>{say('sign.demo')}</h2>
        <p className="small">{say('sign.demoLead')}</p>
        <p>
          <a href="/demo/steal">{say('sign.steal')}</a>. {say('sign.stealLead')}
        </p>
      </div>
      <Answer query={people}>
        {({ people: list }) => (
          <>
            <div className="roles">
              {ROLES.map((role) => (
                <RoleCard key={role} role={role} people={pickShown(list, role)} busy={busy} enter={enter} />
              ))}
            </div>
            <Somebody people={list} busy={busy} enter={enter} />
          </>
        )}
      </Answer>
      <p className="small">
        {say('sign.notTrying')} <a href="/my">{say('sign.customer')}</a> ·{' '}
        <a href="/demo/phone">{say('sign.phone')}</a> · <a href="/regulator">{say('counter.title')}</a> ·{' '}
        <a href="/transparency">{say('sign.report')}</a>
      </p>
    </section>
  )
}

/** Whoever of a role is at work at any hour, and one for each other office, who is at work now before who is not. */
function pickShown(people: readonly DemoPerson[], role: Role): DemoPerson[] {
  const those = people.filter((p) => p.roles[0] === role)
  const always = those.filter((p) => p.atAnyHour)
  const others = those
    .filter((p) => !always.some(({ office }) => office === p.office))
    .toSorted((a, b) => Number(b.onShift) - Number(a.onShift))
  return [...always, ...OFFICES.flatMap(({ id }) => others.find((p) => p.office === id) ?? [])]
}

interface RoleCardProps {
  role: Role
  people: readonly DemoPerson[]
  busy: string | null
  enter: Enter
}

function RoleCard({ role, people, busy, enter }: RoleCardProps) {
  const { say, pick } = useLanguage()
  if (people.length === 0) return null
  return (
    <article className="card role">
      <h3>{pick(ROLE_WORDS[role])}</h3>
      <p className="small">{say(`try.${role}`)}</p>
      <div className="stack tight">
        {people.map((person) => (
          <PersonButton key={person.id} person={person} busy={busy} enter={enter} />
        ))}
      </div>
    </article>
  )
}

function PersonButton({ person, busy, enter }: { person: DemoPerson; busy: string | null; enter: Enter }) {
  const { say, pick } = useLanguage()
  const office = OFFICES.find((o) => o.id === person.office)
  const shop = person.shops[0]
  return (
    <>
      <Act wide busy={busy === person.id} onClick={() => void enter(person.id, () => signInDemo(person.id))}>
        {say('sign.as', { name: person.name })}
        <span className="sub">
          {person.deskName}, {office ? pick(office.words) : ''} ·{' '}
          {person.onShift ? say('person.onShift') : say('person.offShift')}
        </span>
      </Act>
      {shop === undefined ? null : (
        <button
          type="button"
          className="link small"
          onClick={() => void enter(person.id, () => signInDemo(person.id, shop))}
        >
          {say('sign.inShop', { shop })}
        </button>
      )}
    </>
  )
}

function Somebody({
  people,
  busy,
  enter,
}: {
  people: readonly DemoPerson[]
  busy: string | null
  enter: Enter
}) {
  const { say } = useLanguage()
  const [typed, setTyped] = useState('')
  const wanted = typed.trim().toLowerCase()
  const found =
    wanted === ''
      ? []
      : people
          .filter((p) => p.name.toLowerCase().includes(wanted) || p.deskName.toLowerCase() === wanted)
          .slice(0, 6)
  return (
    <div className="stack">
      <TextInput
        label={say('sign.somebody')}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      {found.map((person) => (
        <PersonButton key={person.id} person={person} busy={busy} enter={enter} />
      ))}
    </div>
  )
}
