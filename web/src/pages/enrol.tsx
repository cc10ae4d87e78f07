import { useMutation, useQuery } from '@tanstack/react-query'
import { Navigate } from '@tanstack/react-router'
import { useState } from 'react'
import { enrol, readEnrolment } from '../api/passkey.ts'
import { useLanguage } from '../language.ts'
import { useSessionState } from '../session.tsx'
import { Act } from '../ui/act.tsx'
import { LookSwitches } from '../ui/look-switches.tsx'
import { Mark } from '../ui/mark.tsx'
import { Answer, Trouble } from '../ui/state.tsx'

/** Where an enrolment link leads: its token stands behind the `#`, which browsers never send. */
export function Enrol() {
  const { say } = useLanguage()
  const { session, renew } = useSessionState()
  const [token] = useState(() => window.location.hash.slice(1))
  const enrolment = useQuery({
    queryKey: ['enrolment'],
    queryFn: () => readEnrolment(token),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })
  const register = useMutation({
    mutationFn: () => enrol(token, enrolment.data!),
    onSuccess: renew,
  })
  if (register.isSuccess && session !== null) return <Navigate to="/" />
  return (
    <main className="entrance stack wide">
      <header className="line between">
        <h1 className="line">
          <Mark /> {say('enrol.title')}
        </h1>
        <LookSwitches />
      </header>
      <Answer query={enrolment}>
        {({ person }) => (
          <section className="card stack">
            <p>
              {person.name} · {person.deskName}
            </p>
            <p className="small">{say('enrol.lead')}</p>
            <Act tone="main" busy={register.isPending} onClick={() => register.mutate()}>
              {say('enrol.act')}
            </Act>
            {register.isError ? <Trouble error={register.error} /> : null}
          </section>
        )}
      </Answer>
    </main>
  )
}
