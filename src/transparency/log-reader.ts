import { encodeTilePath } from '../ledger/tiles.ts'
import { CodedError } from '../platform/coded-error.ts'
import type { LogReader, ReportFault } from './report-file.ts'

/**
 * The public log of a server, over HTTP (C2SP tlog-tiles): what an outsider counts a report against.
 * What is read throws CodedError `report-not-in-log` where the server has no such tile.
 */
export function readLogAt(base: string): LogReader {
  const root = `${base.replace(/\/$/, '')}/log`
  const read = async (path: string): Promise<Response> => {
    const response = await fetch(`${root}/${path}`)
    if (response.ok) return response
    throw new CodedError<ReportFault>('report-not-in-log', `the log has no ${path} (${response.status})`)
  }
  return {
    checkpoint: async () => (await read('checkpoint')).text(),
    tile: async (level, index, width) =>
      new Uint8Array(await (await read(encodeTilePath({ level, index, width }))).arrayBuffer()),
  }
}
