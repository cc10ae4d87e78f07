/** A "no" or a failure of the server, as RFC 9457 says it; `status` 0 means it could not be reached. */
export class Problem extends Error {
  readonly status: number
  readonly code: string
  /** What the person can do next. */
  readonly next: string

  constructor(status: number, code: string, says: string, next: string) {
    super(says)
    this.name = 'Problem'
    this.status = status
    this.code = code
    this.next = next
  }

  /** True for a refusal (the rules say no), false for a failure (something broke). */
  get refused(): boolean {
    return this.status >= 400 && this.status < 500
  }
}

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

/** The session's anti-forgery token, from the cookie that only our own pages can read. */
function csrfToken(): string {
  return /(?:^|; )(?:__Host-)?countersign-staff-csrf=([^;]*)/.exec(document.cookie)?.[1] ?? ''
}

/**
 * Calls the API. Gives the parsed answer (undefined for an empty one); throws `Problem` for every no and every
 * failure. Private things go in bodies, never in `path`.
 */
export async function call<T>(method: Method, path: string, body?: unknown): Promise<T> {
  const text = await (await request(method, path, body)).text()
  return (text === '' ? undefined : JSON.parse(text)) as T
}

/** Sends something and gives the file that comes back, with its name. */
export async function fetchFile(path: string, body: unknown): Promise<{ name: string; bytes: Blob }> {
  const response = await request('POST', path, body)
  const name = /filename="([\w.-]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1] ?? 'file'
  return { name, bytes: await response.blob() }
}

async function request(method: Method, path: string, body?: unknown): Promise<Response> {
  const headers: Record<string, string> = { accept: 'application/json' }
  if (method !== 'GET') headers['x-csrf-token'] = csrfToken()
  if (body !== undefined) headers['content-type'] = 'application/json'
  const init: RequestInit = { method, headers, credentials: 'same-origin', cache: 'no-store' }
  if (body !== undefined) init.body = JSON.stringify(body)
  let response: Response
  try {
    response = await fetch(path, init)
  } catch {
    throw new Problem(0, 'unreachable', '', '')
  }
  if (response.ok) return response
  throw readProblem(response.status, await response.text())
}

function readProblem(status: number, text: string): Problem {
  try {
    const said = JSON.parse(text) as { code?: string; detail?: string; title?: string; next?: string }
    return new Problem(status, said.code ?? 'failed', said.detail ?? said.title ?? '', said.next ?? '')
  } catch {
    return new Problem(status, 'failed', '', '')
  }
}

/** Asks for something that changes nothing. */
export const ask = <T>(path: string): Promise<T> => call<T>('GET', path)
/** Sends something that may change something. */
export const send = <T>(path: string, body: unknown = {}): Promise<T> => call<T>('POST', path, body)
