import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { unzipSync } from 'fflate'
import type { DemoHouse } from '../test/browser/demo-house.ts'
import { openContext } from '../test/browser/hands.ts'
import type { Stage } from './story-acts.ts'

/** What the command line says beside the pages; the bundle is checked where nothing of the house is at hand. */

/** The page that comes in the bundle, from the disk, in a browser without a network. */
export async function verifyOffline(house: DemoHouse, zip: Buffer, draw: Stage['draw']): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-referral-'))
  try {
    writeFileSync(join(folder, 'verify.html'), unzipSync(zip)['verify.html']!)
    writeFileSync(join(folder, 'bundle.zip'), zip)
    const context = await openContext(house, { width: 900, scale: 1.5 })
    await context.setOffline(true)
    const page = await context.newPage()
    await page.goto(pathToFileURL(join(folder, 'verify.html')).href)
    await page.locator('#file').setInputFiles(join(folder, 'bundle.zip'))
    await page.locator('#key').fill(house.server.rooms.ledger.verifierKey)
    await page.locator('.card.good #verdict').waitFor()
    await draw(page, 'verified')
    return ((await page.locator('#verdict .en').textContent()) ?? '').trim()
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** `npx countersign verify`, which needs no data and no database. */
export function verifyByCommand(zip: Buffer, { server }: DemoHouse): string {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-referral-'))
  try {
    writeFileSync(join(folder, 'bundle.zip'), zip)
    const main = new URL('../src/main.ts', import.meta.url).pathname
    const args = [main, 'verify', join(folder, 'bundle.zip'), '--key', server.rooms.ledger.verifierKey]
    const done = spawnSync(process.execPath, args, { encoding: 'utf8' })
    if (done.status !== 0) throw new Error(`the bundle does not hold: ${done.stdout}${done.stderr}`)
    return done.stdout.split('\n').find((line) => line.trim() !== '') ?? ''
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** `npx countersign trace`, beside the server that is running; gives its first lines, which are the answer. */
export async function traceByCommand(
  { server }: DemoHouse,
  asked: { serial: string; list: string },
): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-list-'))
  try {
    const file = join(folder, 'list.txt')
    writeFileSync(file, asked.list)
    const { dataDirectory, databaseUrl } = server.rooms.config
    const main = new URL('../src/main.ts', import.meta.url).pathname
    const args = [main, 'trace', file, '--incident', asked.serial, '--data', dataDirectory]
    // Not waited for in place: the server is in this very process, and both write to one ledger.
    const { stdout } = await promisify(execFile)(process.execPath, args, {
      env: { ...process.env, ...(databaseUrl === null ? {} : { DATABASE_URL: databaseUrl }) },
    })
    return stdout.split('\n').slice(0, 2).join(' ').trim()
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
