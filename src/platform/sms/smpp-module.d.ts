/** What we use of the package `smpp` 0.5.1, which brings no types. Names are those of SMPP v3.4. */
declare module 'smpp' {
  import type { EventEmitter } from 'node:events'
  import type { Server as NetServer } from 'node:net'

  export interface ShortMessage {
    /** Sent: a header with its length byte. Received: one buffer for each element. */
    udh?: Buffer | Buffer[]
    message: string | Buffer
  }

  export interface Pdu {
    command: string
    command_status: number
    sequence_number: number
    system_id?: string
    password?: string
    message_id?: string
    source_addr?: string
    destination_addr?: string
    esm_class?: number
    data_coding?: number
    registered_delivery?: number
    short_message?: ShortMessage
    user_message_reference?: number
    receipted_message_id?: string
    message_state?: number
    response(options?: Partial<Pdu>): Pdu
  }

  export interface PduFields {
    [field: string]: string | number | Buffer | ShortMessage | undefined
  }

  type Respond = (response: Pdu) => void

  export interface Session extends EventEmitter {
    bind_transceiver(fields: PduFields, respond: Respond): boolean
    submit_sm(fields: PduFields, respond: Respond): boolean
    deliver_sm(fields: PduFields, respond?: Respond): boolean
    enquire_link(respond: Respond): boolean
    unbind(respond: Respond): boolean
    /** false when the socket is gone: nothing was sent. */
    send(pdu: Pdu): boolean
    close(done?: () => void): void
    destroy(done?: () => void): void
  }

  export interface Server extends NetServer {
    sessions: Session[]
  }

  export function connect(options: { host: string; port: number }): Session
  export function createServer(listener: (session: Session) => void): Server
  export const encodings: { ASCII: { match(text: string): boolean; encode(text: string): Buffer } }
}
