/** The package has no types of its own. */
declare module 'pg-copy-streams' {
  import type { Writable } from 'node:stream'
  import type { Submittable } from 'pg'

  /** A stream into `COPY ... FROM STDIN`, to be handed to `client.query`. */
  export function from(text: string): Writable & Submittable
}
