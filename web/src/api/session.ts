import type { Action } from '../../../src/staff/actions.ts'
import type { OfficeId, Role } from '../../../src/staff/staff.ts'
import { ask, call, Problem, send } from './client.ts'

/** An employee as colleagues see them. */
export interface Colleague {
  readonly id: string
  readonly deskName: string
  readonly name: string
  readonly roles: readonly Role[]
  readonly office: OfficeId
  readonly team: string
}

/** Who is signed in, what they may do, and whose console this is. */
export interface Session {
  readonly person: Colleague
  readonly onShift: boolean
  readonly conductSigned: boolean
  readonly trained: boolean
  /** The shop whose registered device this browser is. */
  readonly shop: string | null
  readonly actions: readonly Action[]
  readonly operatorName: string
  readonly demo: boolean
}

/** A person of the demo operator that a click signs in as, on a shop's device if one is named. */
export interface DemoPerson extends Colleague {
  readonly onShift: boolean
  readonly shops: readonly string[]
}

/** The session of this browser, or null when nobody is signed in. */
export async function readSession(): Promise<Session | null> {
  try {
    return await ask<Session>('/api/session')
  } catch (error) {
    if (error instanceof Problem && (error.status === 401 || error.status === 403)) return null
    throw error
  }
}

/** Whose console this is, before anybody has signed in. */
export const readSignIn = (): Promise<{ operatorName: string; demo: boolean }> => ask('/api/session/sign-in')

/** The demo's people. */
export const readDemoPeople = (): Promise<{ people: readonly DemoPerson[] }> => ask('/api/demo/people')

/** Signs in as a person of the demo. */
export const signInDemo = (staffId: string, shop?: string): Promise<unknown> =>
  send('/api/demo/session', shop === undefined ? { staffId } : { staffId, shop })

/** Ends this browser's session: its looks end with it. */
export const signOut = (): Promise<unknown> => call('DELETE', '/api/session')
