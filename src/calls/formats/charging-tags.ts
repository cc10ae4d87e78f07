/**
 * Where the fields that a call log needs stand in the records of 3GPP TS 32.298 (tables of our own, from the
 * published modules CSChargingDataTypes, GPRSChargingDataTypes and SMSChargingDataTypes, releases 7 to 16). The
 * modules only ever added tags, so one table serves all releases; a tag that is not here is passed over.
 */

/** What a record of a type is to us. */
export type ChargingKind = 'call' | 'text' | 'data'

/** Whose record it is: who is served, and, for data, whether another node counts the same bytes. */
export interface ChargingLayout {
  readonly kind: ChargingKind
  readonly served: 'caller' | 'called'
  readonly servingNode?: boolean
  /** Tag of each field, by the field's name. */
  readonly tags: Partial<Record<ChargingField, number>>
}

export const CHARGING_FIELDS = [
  'imsi',
  'served',
  'other',
  'entity',
  'cell',
  'services',
  'seizure',
  'answer',
  'release',
  'duration',
  'cause',
  'reference',
  'sequence',
  'failure',
  'volumes',
  'serviceData',
  'gateway',
  'location',
] as const

export type ChargingField = (typeof CHARGING_FIELDS)[number]

const SERVING_DATA = {
  imsi: 3,
  reference: 5,
  volumes: 12,
  seizure: 13,
  duration: 14,
  sequence: 17,
  served: 22,
  location: 32,
} as const

const GATEWAY_DATA = { ...SERVING_DATA, gateway: 4, serviceData: 34 } as const

/** By record type, the field [0] of every record. */
export const CHARGING_LAYOUTS: ReadonlyMap<number, ChargingLayout> = new Map<number, ChargingLayout>([
  [
    0,
    {
      kind: 'call',
      served: 'caller',
      tags: {
        imsi: 1,
        served: 3,
        other: 5,
        entity: 9,
        cell: 12,
        services: 17,
        seizure: 22,
        answer: 23,
        release: 24,
        duration: 25,
        cause: 30,
        reference: 32,
        sequence: 33,
      },
    },
  ],
  [
    1,
    {
      kind: 'call',
      served: 'called',
      tags: {
        imsi: 1,
        served: 3,
        other: 4,
        entity: 6,
        cell: 9,
        services: 14,
        seizure: 19,
        answer: 20,
        release: 21,
        duration: 22,
        cause: 27,
        reference: 29,
        sequence: 30,
      },
    },
  ],
  [
    6,
    {
      kind: 'text',
      served: 'caller',
      tags: { imsi: 1, served: 3, entity: 6, cell: 7, reference: 8, seizure: 9, failure: 10, other: 12 },
    },
  ],
  [
    7,
    {
      kind: 'text',
      served: 'called',
      tags: { imsi: 2, served: 4, entity: 6, cell: 7, seizure: 8, failure: 9 },
    },
  ],
  [
    18,
    {
      kind: 'data',
      served: 'caller',
      servingNode: true,
      tags: {
        imsi: 3,
        reference: 10,
        gateway: 11,
        volumes: 15,
        seizure: 16,
        duration: 17,
        sequence: 21,
        served: 27,
      },
    },
  ],
  // The GGSN's record, and its enhanced one of release 7, have their fields where the PGW's has them.
  [19, { kind: 'data', served: 'caller', tags: GATEWAY_DATA }],
  [70, { kind: 'data', served: 'caller', tags: GATEWAY_DATA }],
  [
    21,
    {
      kind: 'text',
      served: 'caller',
      tags: { imsi: 1, served: 3, entity: 6, reference: 10, seizure: 11, failure: 12, other: 18 },
    },
  ],
  [
    22,
    {
      kind: 'text',
      served: 'called',
      tags: { imsi: 1, served: 3, entity: 6, seizure: 10, failure: 11, other: 19 },
    },
  ],
  [
    84,
    {
      kind: 'data',
      served: 'caller',
      servingNode: true,
      tags: { ...SERVING_DATA, gateway: 36 },
    },
  ],
  [85, { kind: 'data', served: 'caller', tags: GATEWAY_DATA }],
])

/**
 * Records that are in nobody's log: legs between switches and gateways, whose calls have a record of their own for
 * each party (2 to 5, 8, 9, 88), supplementary services, locations and their updates, and broadcasts.
 */
export const PASSED_OVER: ReadonlySet<number> = new Set([
  2, 3, 4, 5, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 20, 23, 24, 25, 26, 27, 28, 76, 77, 86, 88, 99,
])
