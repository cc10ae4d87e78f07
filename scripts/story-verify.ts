import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { unzipSync } from 'fflate'
import type { DemoHouse } from '../test/browser/demo-house.ts'
import { openContext } from '../test/browser/hands.ts'
import type { Stage } from './story-acts.ts'

/** The last word on the referral: its bundle is checked where nothing of the house is at hand. */

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
