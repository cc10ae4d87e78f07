import { createHmac } from 'node:crypto'
import type { Db } from '../database.ts'
import type { Sealer } from '../sealer.ts'
import type { Language, Words } from '../words.ts'
import type { DeliveredText } from './simulated-smsc.ts'
import { addDemoText, demoPhone, demoTexts, saveDemoPhone } from './store.ts'

/** A customer whose phone can be looked at. */
export interface PhonePerson {
  /** E.164. */
  readonly number: string
  /** The number as people write it: `09 791 204 412`. */
  readonly shown: string
  readonly name: Words
  readonly language: Language
  /** What this made-up person knows by heart; absent where they have set none. */
  readonly pin?: string
}

export interface PhoneText {
  readonly id: number
  readonly from: string
  readonly text: string
  readonly at: number
}

/** The demo's phones. An address names one by its handle, a keyed hash of the number. */
export interface DemoPhones {
  handleOf(number: string): string
  /** What the simulated SMSC is given as `deliver`. */
  deliver(text: DeliveredText): Promise<void>
  /** Remembers a person, so that the handle alone finds them again; gives the handle. */
  choose(person: PhonePerson): Promise<string>
  personOf(handle: string): Promise<PhonePerson | null>
  /** Newest first, at most 50. */
  texts(handle: string): Promise<PhoneText[]>
  /** Told when a text arrived. Returns: stops listening. */
  onText(listener: (handle: string) => void): () => void
}

const SHOWN_TEXTS = 50

/** @param options.phoneKey 32 bytes; the database holds handles and sealed texts only. */
export function createDemoPhones(options: { db: Db; sealer: Sealer; phoneKey: Buffer }): DemoPhones {
  const { db, sealer } = options
  const listeners = new Set<(handle: string) => void>()
  const handleOf = (number: string): string =>
    createHmac('sha256', options.phoneKey).update(number).digest('hex').slice(0, 32)
  return {
    handleOf,
    deliver: async ({ to, from, text, at }) => {
      const handle = handleOf(to)
      const plain = Buffer.from(JSON.stringify({ from, text }))
      await addDemoText(db, { handle, at, sealed: sealer.seal('demo-phone', textContext(handle, at), plain) })
      for (const listener of listeners) listener(handle)
    },
    choose: async (person) => {
      const handle = handleOf(person.number)
      const plain = Buffer.from(JSON.stringify(person))
      await saveDemoPhone(db, handle, sealer.seal('demo-phone', phoneContext(handle), plain))
      return handle
    },
    personOf: async (handle) => {
      const sealed = await demoPhone(db, handle)
      if (sealed === null) return null
      return JSON.parse(sealer.open('demo-phone', phoneContext(handle), sealed).toString()) as PhonePerson
    },
    texts: async (handle) => {
      const rows = await demoTexts(db, handle, SHOWN_TEXTS)
      return rows.map(({ id, at, sealed }) => {
        const plain = sealer.open('demo-phone', textContext(handle, at), sealed).toString()
        return { id, at, ...(JSON.parse(plain) as { from: string; text: string }) }
      })
    },
    onText: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

function phoneContext(handle: string): string {
  return `platform.demo_phone ${handle}`
}

function textContext(handle: string, at: number): string {
  return `platform.demo_text ${handle} ${at}`
}
