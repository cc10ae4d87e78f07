/** The column map of `bench/daily-files.ts`. */
export const INGEST_MAP = {
  name: 'daily files',
  header: true,
  columns: {
    caller: { column: 'caller' },
    called: { column: 'called' },
    start: { column: 'start', format: 'yyyy-MM-dd HH:mm:ss', zone: 'Z' },
    duration: { column: 'duration', unit: 'seconds' },
    callerCell: { column: 'cell' },
    charge: { column: 'charge', unit: 'major', currency: 'MMK' },
    tariff: { column: 'tariff' },
    kind: { fixed: 'voice' },
  },
} as const
