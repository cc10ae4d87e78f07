import type { Page } from 'playwright-core'

// biome-ignore lint/suspicious/noExplicitAny: what the API answers, as the browser has it
export type Body = any

/** Sends JSON from a page of ours. */
export function post(page: Page, url: string, body: object): Promise<{ status: number; body: Body }> {
  return page.evaluate(
    async ([to, what]) => {
      const answer = await fetch(to as string, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(what),
      })
      return { status: answer.status, body: await answer.json() }
    },
    [url, body] as const,
  )
}

/** What an address of ours answers to this page. */
export function read(page: Page, url: string): Promise<Body> {
  return page.evaluate(async (from) => (await fetch(from)).json(), url)
}

/** What the console's enrolment page does with the browser's own WebAuthn. */
export function create(page: Page, options: Body): Promise<Body> {
  return page.evaluate(async (json) => {
    const { PublicKeyCredential, navigator } = globalThis as Body
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(json)
    return (await navigator.credentials.create({ publicKey })).toJSON()
  }, options)
}

/** What its sign-in page does with it. */
export function get(page: Page, options: Body): Promise<Body> {
  return page.evaluate(async (json) => {
    const { PublicKeyCredential, navigator } = globalThis as Body
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(json)
    return (await navigator.credentials.get({ publicKey })).toJSON()
  }, options)
}
