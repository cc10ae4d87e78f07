import { CodedError } from '../platform/coded-error.ts'
import type { DemoPhones } from '../platform/sms/demo-phones.ts'

/**
 * People's hands on a running server, over HTTP as a browser would be: somebody at a desk, somebody with a phone. What
 * they cannot do by a request, they cannot do.
 */

export interface Answer {
  readonly status: number
  readonly body: Body
  /** Where the answer sends the browser; empty where it does not. */
  readonly location: string
}
/** An answer's members; a member that is not there is undefined. */
export interface Body {
  readonly [member: string]: unknown
}

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

/** One browser with its cookies. */
export interface Browser {
  ask(method: Method, path: string, body?: object): Promise<Answer>
  /** Sends a form, as a page without script does. */
  send(path: string, form: Readonly<Record<string, string>>): Promise<Answer>
  /** What the server has set. */
  readonly cookies: Map<string, string>
}

export type HandsFault = 'did-not-happen'

/** Opens a browser on the server at `origin`. */
export function openBrowser(origin: string): Browser {
  const cookies = new Map<string, string>()
  const request = async (method: Method, path: string, type: string | null, body: string | null) => {
    const csrf = [...cookies].find(([name]) => name.endsWith('-csrf'))?.[1]
    const response = await fetch(`${origin}${path}`, {
      method,
      redirect: 'manual',
      headers: {
        accept: 'application/json',
        origin,
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        ...(type === null ? {} : { 'content-type': type }),
        ...(csrf === undefined ? {} : { 'x-csrf-token': csrf }),
      },
      body,
    })
    for (const set of response.headers.getSetCookie()) keep(cookies, set)
    const text = await response.text()
    return { status: response.status, body: bodyOf(text), location: response.headers.get('location') ?? '' }
  }
  return {
    cookies,
    ask: (method, path, body) =>
      body === undefined
        ? request(method, path, null, null)
        : request(method, path, 'application/json', JSON.stringify(body)),
    send: (path, form) =>
      request('POST', path, 'application/x-www-form-urlencoded', new URLSearchParams(form).toString()),
  }
}

function keep(cookies: Map<string, string>, set: string): void {
  const [name = '', value = ''] = (set.split(';')[0] ?? '').split('=')
  if (value === '') cookies.delete(name)
  else cookies.set(name, value)
}

function bodyOf(text: string): Body {
  if (!text.startsWith('{')) return { text }
  return JSON.parse(text) as Body
}

/** Signs in at the console with one click, at a shop's own device where one is named. */
export async function signInAs(origin: string, staffId: string, shop?: string): Promise<Browser> {
  const browser = openBrowser(origin)
  const answer = await browser.ask('POST', '/api/demo/session', {
    staffId,
    ...(shop === undefined ? {} : { shop }),
  })
  return must(answer, 'sign in') && browser
}

/** The body of an answer that must be good. @throws CodedError `did-not-happen` with its code. */
export function must(answer: Answer, what: string): Body {
  if (answer.status < 400) return answer.body
  throw new CodedError<HandsFault>(
    'did-not-happen',
    `${what}: ${answer.status} ${String(answer.body.code ?? '')}`,
  )
}

/** Somebody's phone in the demo. */
export interface Phone {
  readonly handle: string
  ring(desk: string, how?: { spoofed?: boolean }): Promise<void>
  /** Keys in what the voice on the line asks for. */
  keyIn(digits: string): Promise<void>
  hangUp(): Promise<void>
}

/** Takes a phone into the hand; the number is E.164. */
export async function takePhone(origin: string, number: string): Promise<Phone> {
  const browser = openBrowser(origin)
  const chosen = await browser.send('/demo/phone/choose', { lang: 'en', person: number })
  const handle = /phone\/([0-9a-f]{32})/.exec(chosen.location)?.[1]
  if (handle === undefined) throw new CodedError<HandsFault>('did-not-happen', 'there is no such phone')
  const press = async (what: string, form: Record<string, string>) => {
    must(await browser.send(`/demo/phone/${handle}/${what}`, { lang: 'en', ...form }), what)
  }
  return {
    handle,
    ring: (desk, how) => press('ring', { desk, ...(how?.spoofed === true ? { spoofed: 'yes' } : {}) }),
    keyIn: (digits) => press('digits', { digits }),
    hangUp: () => press('hang-up', {}),
  }
}

/** The newest text on a phone that `says` holds for, once it is there; null when it does not come. */
export async function awaitText(
  phones: DemoPhones,
  handle: string,
  says: (text: { text: string; at: number }) => boolean,
  waitMs: number,
): Promise<{ text: string; at: number } | null> {
  const find = async () => (await phones.texts(handle)).find(says) ?? null
  const { promise, resolve } = Promise.withResolvers<void>()
  const stop = phones.onText((changed) => {
    if (changed === handle) find().then((found) => found !== null && resolve(), resolve)
  })
  const timer = setTimeout(resolve, waitMs)
  try {
    const there = await find()
    if (there !== null) return there
    await promise
    return await find()
  } finally {
    clearTimeout(timer)
    stop()
  }
}
