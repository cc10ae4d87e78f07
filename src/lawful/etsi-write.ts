import { XMLBuilder } from 'fast-xml-parser'
import { E, NAMESPACE } from './etsi-names.ts'
import type { Identifier } from './request.ts'

/** Which request a message is about, and when it was written. */
export interface MessageHead {
  readonly countryCode: string
  readonly organisation: string
  readonly requestNumber: string
  /** The operator. */
  readonly provider: string
  /** Epoch ms. */
  readonly at: number
}

/** One row of a log as the approved fields allow; what is absent was not approved. */
export interface DisclosedRow {
  readonly identifier: number
  /** Epoch seconds. */
  readonly start?: number
  readonly durationSeconds?: number | null
  readonly bytes?: number | null
  readonly kind?: string
  readonly direction?: string
  readonly answered?: boolean
  readonly other?: string
  readonly cell?: string | null
  readonly chargeMilli?: number | null
  readonly currency?: string | null
}

/** Who held a number, and when. */
export interface DisclosedHolder {
  readonly identifier: number
  readonly name: string | null
  /** Epoch seconds. */
  readonly from: number
  readonly until: number
}

export interface Disclosure {
  readonly identifiers: readonly Pick<Identifier, 'value'>[]
  readonly rows: readonly DisclosedRow[]
  /** Empty unless the holder was approved. */
  readonly holders: readonly DisclosedHolder[]
}

type Node = { readonly [name: string]: string | number | boolean | Node | readonly Node[] | undefined }

const builder = new XMLBuilder({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  format: true,
  suppressEmptyNode: false,
})

/** A whole message of TS 102 657: its header, and `payload` under the message's own name. */
export function writeMessage(head: MessageHead, name: string, payload: Node): string {
  const message = {
    [E.message]: {
      '@xmlns': NAMESPACE,
      [E.header]: {
        [E.requestId]: {
          [E.countryCode]: head.countryCode,
          [E.organisation]: head.organisation,
          [E.requestNumber]: head.requestNumber,
        },
        [E.provider]: head.provider,
        [E.timeStamp]: instant(head.at / 1000),
      },
      [E.payload]: { [name]: payload },
    },
  }
  return `<?xml version="1.0" encoding="UTF-8"?>\n${builder.build(message)}`
}

/** The response with its records. No row is a complete answer too, never an error. */
export function writeResponse(head: MessageHead, status: string, disclosure: Disclosure): string {
  const holders = disclosure.holders.map((holder) => ({ [E.subscriber]: holderOf(disclosure, holder) }))
  const usages = disclosure.rows.map((row) => ({ [E.usage]: usageOf(disclosure, row) }))
  const records = [...holders, ...usages].map((record, at) => ({
    [E.recordNumber]: at + 1,
    [E.recordPayload]: { [E.telephony]: record },
  }))
  return writeMessage(head, E.response, {
    [E.responseNumber]: 1,
    [E.responseStatus]: status,
    [E.responsePayload]: { [E.record]: records },
    [E.nationalResponse]: {
      content: 'Content of communications does not exist here and is held about nobody.',
    },
  })
}

function holderOf({ identifiers }: Disclosure, holder: DisclosedHolder): Node {
  return {
    [E.partyNumber]: identifiers[holder.identifier]!.value,
    [E.individual]: holder.name === null ? {} : { [E.name]: holder.name },
    [E.timeSpan]: { [E.startTime]: instant(holder.from), [E.endTime]: instant(holder.until) },
  }
}

function usageOf({ identifiers }: Disclosure, row: DisclosedRow): Node {
  const asked = identifiers[row.identifier]!.value
  const outward = row.direction === undefined ? null : row.direction === 'out' || row.direction === 'session'
  const ends = row.start !== undefined && row.durationSeconds != null
  const parties: Node[] = [
    {
      ...(outward === null ? {} : { [E.partyRole]: roleOf(row.kind, outward) }),
      [E.partyNumber]: asked,
      ...(row.cell == null ? {} : { [E.location]: { [E.cell]: row.cell } }),
    },
    ...(row.other === undefined || row.other === ''
      ? []
      : [
          {
            ...(outward === null ? {} : { [E.partyRole]: roleOf(row.kind, !outward) }),
            [E.partyNumber]: row.other,
          },
        ]),
  ]
  const more = [
    row.answered === undefined ? '' : `answered=${row.answered}`,
    row.bytes == null ? '' : `bytes=${row.bytes}`,
    row.chargeMilli == null
      ? ''
      : `charge=${(row.chargeMilli / 1000).toFixed(3)} ${row.currency ?? ''}`.trim(),
  ].filter((text) => text !== '')
  return {
    [E.party]: { [E.telephonyParty]: parties },
    ...(row.start === undefined && row.durationSeconds == null
      ? {}
      : {
          [E.communicationTime]: {
            ...(row.start === undefined ? {} : { [E.startTime]: instant(row.start) }),
            ...(ends ? { [E.endTime]: instant(row.start! + row.durationSeconds!) } : {}),
            ...(row.durationSeconds == null ? {} : { [E.durationTime]: row.durationSeconds }),
          },
        }),
    ...(row.kind === undefined ? {} : { [E.communicationType]: row.kind }),
    ...(more.length === 0 ? {} : { [E.additional]: { [E.otherInformation]: more.join('; ') } }),
  }
}

function roleOf(kind: string | undefined, outward: boolean): string {
  if (kind === 'sms') return outward ? 'smsOriginator' : 'smsRecipient'
  return outward ? 'originating-Party' : 'terminating-Party'
}

/** ISO 8601 in UTC, to the second. */
function instant(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`
}
