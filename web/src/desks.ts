import type { Action } from '../../src/staff/actions.ts'
import type { WordKey } from './language.ts'

/** The rail, in order: a desk is shown to whoever may have one of its actions. */
export const DESKS = [
  { to: '/regulator', word: 'desk.regulator', needs: ['file-request'] },
  { to: '/care', word: 'desk.care', needs: ['open-contact'] },
  { to: '/day', word: 'desk.day', needs: ['see-my-day'] },
  { to: '/team', word: 'desk.team', needs: ['see-team'] },
  { to: '/lawful', word: 'desk.lawful', needs: ['see-requests'] },
  { to: '/door', word: 'desk.door', needs: ['report-misdirected'] },
  { to: '/certificate', word: 'desk.certificate', needs: ['sign-certificate'] },
  { to: '/reports', word: 'desk.reports', needs: ['read-reports'] },
  { to: '/watch', word: 'desk.watch', needs: ['see-watch'] },
  { to: '/incidents', word: 'desk.incidents', needs: ['see-incidents'] },
  { to: '/traces', word: 'desk.traces', needs: ['run-trace', 'read-trace'] },
  { to: '/people', word: 'desk.people', needs: ['see-people'] },
  { to: '/employment', word: 'desk.employment', needs: ['see-employment'] },
  { to: '/ledger', word: 'desk.ledger', needs: ['see-ledger-head'] },
  { to: '/erasure', word: 'desk.erasure', needs: ['see-erasures'] },
  { to: '/intake', word: 'desk.intake', needs: ['see-intake'] },
  { to: '/articles', word: 'desk.articles', needs: ['read-articles'] },
  { to: '/settings', word: 'desk.settings', needs: ['read-policies'] },
] as const satisfies readonly { to: string; word: WordKey; needs: readonly Action[] }[]

/** The desks of somebody with these actions. */
export function desksOf(actions: readonly Action[]): (typeof DESKS)[number][] {
  return DESKS.filter((desk) => desk.needs.some((action) => actions.includes(action)))
}
