import type { Static } from 'typebox'
import type { Action } from '../../../src/staff/actions.ts'
import type * as Staff from '../../../src/staff/schemas.ts'
import { ask, call, Problem, send } from './client.ts'

type SignedIn = Staff.SessionView['staff']

/** Who is signed in, what they may do, and whose console this is. */
export interface Session extends Pick<SignedIn, 'onShift' | 'conductSigned' | 'trained' | 'shop'> {
  readonly person: SignedIn
  readonly actions: readonly Action[]
  readonly operatorName: string
  readonly demo: boolean
}

/** A person of the demo operator that a click signs in as, on a shop's device if one is named. */
export type DemoPerson = Static<typeof Staff.DemoPeopleSchema>['people'][number]

/** The session of this browser, or null when nobody is signed in. */
export async function readSession(): Promise<Session | null> {
  try {
    const { staff, actions, operatorName, demo } = await ask<Staff.SessionView>('/api/session')
    const { onShift, conductSigned, trained, shop } = staff
    return {
      person: staff,
      actions: actions as Action[],
      operatorName,
      demo,
      onShift,
      conductSigned,
      trained,
      shop,
    }
  } catch (error) {
    if (error instanceof Problem && (error.status === 401 || error.status === 403)) return null
    throw error
  }
}

/** Whose console this is, before anybody has signed in. */
export const readSignIn = (): Promise<Static<typeof Staff.SignInSchema>> => ask('/api/session/sign-in')

/** The demo's people. */
export const readDemoPeople = (): Promise<Static<typeof Staff.DemoPeopleSchema>> => ask('/api/demo/people')

/** Signs in as a person of the demo. */
export const signInDemo = (staffId: string, shop?: string): Promise<unknown> =>
  send('/api/demo/session', shop === undefined ? { staffId } : { staffId, shop })

/** Ends this browser's session: its looks end with it. */
export const signOut = (): Promise<unknown> => call('DELETE', '/api/session')
