import { ask } from './client.ts'

/** What somebody must look at though the server works, in the server's words: `schema: ...`. */
export async function readAlarms(): Promise<readonly string[]> {
  const { alarms } = await ask<{ alarms?: readonly string[] }>('/api/health')
  return alarms ?? []
}
