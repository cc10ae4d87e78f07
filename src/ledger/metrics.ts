import type { Countersigned, WitnessAlarm } from './witnessing.ts'

/** What the metrics are made of: nothing that `/log/` does not tell everybody. */
export interface LedgerMetrics {
  readonly size: number
  /** Milliseconds since 1970 UTC. */
  readonly signedAt: number
  readonly countersigned: Countersigned
  readonly alarm: WitnessAlarm | null
  readonly stopped: WitnessAlarm | null
  /** What is in the database and not of our making; anybody reads in `/api/health` whether there is any. Null: nobody looks. */
  readonly strangers: number | null
}

interface Metric {
  readonly name: string
  readonly help: string
  readonly values: readonly { readonly labels?: Readonly<Record<string, string>>; readonly value: number }[]
}

/** The Prometheus text format, version 0.0.4. All values are gauges. */
export function encodeMetrics(ledger: LedgerMetrics): string {
  return [strangersOf(ledger), ...metricsOf(ledger)]
    .filter(({ values }) => values.length > 0)
    .map(
      ({ name, help, values }) =>
        `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${values
          .map(({ labels, value }) => `${name}${encodeLabels(labels)} ${value}\n`)
          .join('')}`,
    )
    .join('')
}

function strangersOf({ strangers }: LedgerMetrics): Metric {
  return {
    name: 'countersign_database_strangers',
    help: 'Code and keys in the database that we did not put there.',
    values: strangers === null ? [] : [{ value: strangers }],
  }
}

function metricsOf({ size, signedAt, countersigned, alarm, stopped }: LedgerMetrics): Metric[] {
  const { witnesses, waitingSince } = countersigned
  const seconds = (at: number) => at / 1000
  const each = (value: (witness: Countersigned['witnesses'][number]) => number | null) =>
    witnesses.flatMap((witness) => {
      const told = value(witness)
      return told === null ? [] : [{ labels: { witness: witness.name }, value: told }]
    })
  const one = (value: number | null) => (value === null ? [] : [{ value }])
  return [
    { name: 'countersign_ledger_entries', help: 'Entries in the signed log.', values: one(size) },
    {
      name: 'countersign_ledger_signed_timestamp_seconds',
      help: 'When its newest checkpoint was signed.',
      values: one(seconds(signedAt)),
    },
    {
      name: 'countersign_ledger_countersigned_entries',
      help: 'Entries under the newest checkpoint that satisfies the policy.',
      values: one(countersigned.size),
    },
    {
      name: 'countersign_ledger_countersigned_timestamp_seconds',
      help: 'When that checkpoint got its last cosignature.',
      values: one(countersigned.at === null ? null : seconds(countersigned.at)),
    },
    {
      name: 'countersign_ledger_countersigned_by',
      help: 'How many witnesses cosigned it.',
      values: one(countersigned.by.length),
    },
    {
      name: 'countersign_ledger_witnesses',
      help: 'How many witnesses the policy has.',
      values: one(countersigned.of),
    },
    {
      name: 'countersign_ledger_waiting_since_timestamp_seconds',
      help: 'Since when entries stand without the quorum; absent when all are covered.',
      values: one(waitingSince === null ? null : seconds(waitingSince)),
    },
    {
      name: 'countersign_ledger_witness_entries',
      help: 'Up to which size a witness last cosigned.',
      values: each(({ cosignedSize }) => cosignedSize),
    },
    {
      name: 'countersign_ledger_witness_timestamp_seconds',
      help: 'When a witness last cosigned.',
      values: each(({ cosignedAt }) => (cosignedAt === null ? null : seconds(cosignedAt))),
    },
    {
      name: 'countersign_ledger_witness_refuses',
      help: '1 while a witness says that this log is not the one it knows.',
      values: each(({ refusedAt }) => (refusedAt === null ? 0 : 1)),
    },
    {
      name: 'countersign_ledger_alarm',
      help: '1 while a witness refuses or the quorum is late.',
      values: one(alarm === null ? 0 : 1),
    },
    {
      name: 'countersign_ledger_reveals_stopped',
      help: '1 while nothing is revealed because of it.',
      values: one(stopped === null ? 0 : 1),
    },
  ]
}

function encodeLabels(labels: Readonly<Record<string, string>> | undefined): string {
  if (labels === undefined) return ''
  const quoted = (text: string) => text.replace(/[\\"]/g, '\\$&').replace(/\n/g, '\\n')
  return `{${Object.entries(labels)
    .map(([name, value]) => `${name}="${quoted(value)}"`)
    .join(',')}}`
}
