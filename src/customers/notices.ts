import type { Db, Trx } from '../platform/database.ts'
import type { SmsSender } from '../platform/sms/sender.ts'
import type { Words } from '../platform/words.ts'
import type { Notice, NoticeOutcome } from './customers.ts'
import type { Profile } from './profile.ts'
import { hasSecondNumber } from './rules.ts'
import type { Subscriber } from './subscriber.ts'
import { neutralText } from './texts.ts'

export interface NoticeParties {
  readonly sms: SmsSender
  readonly operator: string
  readonly clock: { now(): number }
  profileOf(db: Db | Trx, subscriber: Subscriber): Promise<Profile>
}

/** Tells customers things, as their safe mode allows. */
export interface Notices {
  notify(trx: Trx, subscriber: Subscriber, notice: Notice): Promise<NoticeOutcome>
  /**
   * A change of what protects her: told as `notify`, and to the second number of record as well when that is 30 days
   * old, because whoever holds her phone could hide the first text. Call it before the change is written, so that it
   * goes where she was told things before.
   */
  notifyOfChange(trx: Trx, subscriber: Subscriber, notice: Notice): Promise<NoticeOutcome>
  preview(subscriber: Subscriber, notice: Notice): { text: string | null; outcome: NoticeOutcome }
}

/** Makes the notices of this room. */
export function createNotices(parties: NoticeParties): Notices {
  const { sms, operator } = parties
  async function notify(trx: Trx, subscriber: Subscriber, notice: Notice): Promise<NoticeOutcome> {
    const { text, outcome } = preview(operator, subscriber, notice)
    if (text === null) return outcome
    const elsewhere =
      outcome === 'texted-elsewhere' ? (await parties.profileOf(trx, subscriber)).elsewhere : null
    await sms.send(trx, {
      to: elsewhere ?? subscriber.number,
      text,
      purpose: notice.purpose,
      ref: notice.ref,
      language: subscriber.language,
    })
    return outcome
  }
  return {
    notify,
    async notifyOfChange(trx, subscriber, notice) {
      const outcome = await notify(trx, subscriber, notice)
      if (outcome === 'texted' && hasSecondNumber(subscriber, parties.clock.now())) {
        const { second } = await parties.profileOf(trx, subscriber)
        if (second !== null) {
          await sms.send(trx, {
            to: second.number,
            text: notice.text[subscriber.language],
            purpose: notice.purpose,
            ref: `${notice.ref}-second`,
            language: subscriber.language,
          })
        }
      }
      return outcome
    },
    preview: (subscriber, notice) => preview(operator, subscriber, notice),
  }
}

function preview(
  operator: string,
  subscriber: Subscriber,
  notice: { text: Words },
): { text: string | null; outcome: NoticeOutcome } {
  switch (subscriber.protection.safeMode) {
    case 'off':
      return { text: notice.text[subscriber.language], outcome: 'texted' }
    case 'neutral':
      return { text: neutralText(operator)[subscriber.language], outcome: 'texted-neutral' }
    case 'elsewhere':
      return { text: notice.text[subscriber.language], outcome: 'texted-elsewhere' }
    case 'page':
    case 'shop':
      return { text: null, outcome: 'withheld' }
  }
}
