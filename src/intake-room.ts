import type { Readable } from 'node:stream'
import { readColumnMap } from './calls/formats/column-map.ts'
import { readIntakeLines } from './calls/formats/intake-line.ts'
import { readNumberList } from './calls/formats/number-list.ts'
import {
  enterFiled,
  fileRecords,
  ingestParties,
  type SourceChoice,
  servedBy,
  sourceOptions,
} from './file-records.ts'
import { createIntake, type Intake } from './intake/intake.ts'
import { keepThreads } from './kept-threads.ts'
import type { CoreRooms } from './rooms.ts'
import { ingestStream, streamThrough } from './vault/ingest-stream.ts'
import { countQuarantine } from './vault/quarantine.ts'

/**
 * Opens the intake over the rooms: its directory, map and numbers are the configuration's.
 * @throws CodedError `map-...`, `numbers-...` for a file that the configuration names.
 */
export function openIntake(rooms: CoreRooms): Intake {
  const { world, config, log, operator } = rooms
  const { keys, clock, database } = world
  const { intake } = config
  const parties = ingestParties(rooms, clock)
  const choice: SourceChoice = {
    map: intake?.map == null ? null : readColumnMap(intake.map),
    ...(intake?.numbers == null ? {} : { numbers: readNumberList(intake.numbers, operator.plan) }),
    servingNodes: intake?.servingNodes ?? 'file',
  }
  const kept = keepThreads()
  const opened = createIntake({
    db: database.db,
    sealer: keys.sealer,
    clock,
    log,
    directory: intake?.directory ?? null,
    ingest: (paths, onUnreadable) =>
      fileRecords(rooms, choice, paths, { clock, progress: () => {}, onUnreadable, kept }),
    async ingestLines(stream: string, first: number, lines: Readable) {
      const items = readIntakeLines(lines, first, sourceOptions(rooms, choice, clock))
      const summary = await ingestStream(parties, items, { stream, servedByUs: servedBy(rooms) })
      await enterFiled(rooms, summary, 0)
      return summary
    },
    streamThrough: (stream) => streamThrough(parties, stream),
    quarantineSize: () => countQuarantine(parties),
  })
  return {
    ...opened,
    async stop() {
      await opened.stop()
      await kept.close()
    },
  }
}
