import {
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  startAuthentication,
  startRegistration,
} from '@simplewebauthn/browser'
import { send } from './client.ts'

/** Asks the browser for a passkey and signs in with it. Throws `Problem`, or the browser's own refusal. */
export async function signInWithPasskey(): Promise<void> {
  const challenge = await send<{ id: string; options: PublicKeyCredentialRequestOptionsJSON }>(
    '/api/session/passkey/options',
  )
  const response = await startAuthentication({ optionsJSON: challenge.options })
  await send('/api/session/passkey', { id: challenge.id, response })
}

/** Whom an enrolment link is for, and the challenge for a new passkey. */
export interface Enrolment {
  readonly id: string
  readonly person: { readonly name: string; readonly deskName: string }
  readonly options: PublicKeyCredentialCreationOptionsJSON
}

/** Reads an enrolment link's token. */
export const readEnrolment = (token: string): Promise<Enrolment> => send('/api/enrolments/options', { token })

/** Registers a passkey of this device with the link, and signs in. */
export async function enrol(token: string, enrolment: Enrolment): Promise<void> {
  const response = await startRegistration({ optionsJSON: enrolment.options })
  await send('/api/enrolments', { token, id: enrolment.id, response })
}
