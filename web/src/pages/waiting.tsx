import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { care } from '../api/care.ts'
import { incidents } from '../api/incidents.ts'
import { lawful } from '../api/lawful.ts'
import { useEvents } from '../events.tsx'
import { useLanguage } from '../language.ts'
import { useMay } from '../session.tsx'

/** The bell: what waits on me, as a word and a number; silent when nothing does. */
export function Waiting() {
  const { say } = useLanguage()
  const may = useMay()
  const client = useQueryClient()
  const day = useQuery({ queryKey: ['day'], queryFn: care.day, enabled: may('see-my-day') })
  const team = useQuery({ queryKey: ['team'], queryFn: care.team, enabled: may('see-team') })
  const board = useQuery({ queryKey: ['lawful'], queryFn: lawful.board, enabled: may('see-requests') })
  const cases = useQuery({ queryKey: ['incidents'], queryFn: incidents.board, enabled: may('see-incidents') })
  useEvents((name) => {
    if (name !== 'notice' && name !== 'contact-changed' && name !== 'resync') return
    void client.invalidateQueries({ queryKey: ['day'] })
    void client.invalidateQueries({ queryKey: ['team'] })
    void client.invalidateQueries({ queryKey: ['lawful'], exact: true })
    void client.invalidateQueries({ queryKey: ['incidents'] })
  })
  const mine = (day.data?.secondWords.length ?? 0) + (day.data?.toJustify.length ?? 0)
  const theirs =
    (team.data?.approvals.filter((a) => a.why === null).length ?? 0) +
    // Broken glass wakes people before it is justified, and until somebody has reviewed it.
    (team.data?.brokenGlass.filter((g) => g.state !== 'reviewed').length ?? 0)
  const asked =
    board.data?.requests.filter(
      ({ waitsFor }) =>
        (waitsFor === 'counsel' && may('rule-request')) || (waitsFor === 'second' && may('second-request')),
    ).length ?? 0
  // Notices of cases that are nearly due, or late, and are this person's to give.
  const due =
    cases.data?.incidents
      .flatMap(({ clocks }) => clocks)
      .filter(({ alarmed, who }) => alarmed && may(who === 'counsel' ? 'rule-request' : 'answer-report'))
      .length ?? 0
  const count = mine + theirs + asked + due
  if (count === 0) return null
  return (
    <Link className="bell" to={due > 0 ? '/incidents' : theirs > 0 ? '/team' : mine > 0 ? '/day' : '/lawful'}>
      {say('app.waiting', { count })}
    </Link>
  )
}
