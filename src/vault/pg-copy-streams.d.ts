/** The package has no types of its own. */
declare module 'pg-copy-streams' {
  import type { Readable, Writable } from 'node:stream'
  import type { Submittable } from 'pg'

  /** A stream into `COPY ... FROM STDIN`, to be handed to `client.query`. */
  export function from(text: string): Writable & Submittable

  /** A stream out of `COPY ... TO STDOUT`, to be handed to `client.query`. */
  export function to(text: string): Readable & Submittable
}
