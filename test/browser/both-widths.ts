import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import { axeFindsNothing } from '../support/axe.ts'

/** Where pictures are kept, for whoever wants to look. */
const PICTURES = process.env.COUNTERSIGN_PICTURES

/** Nothing is wider than the screen at 1280 and at 360 pixels, and axe finds nothing. */
export async function looksRightAtBothWidths(page: Page, name: string): Promise<void> {
  for (const width of [1280, 360]) {
    await page.setViewportSize({ width, height: 900 })
    const wider = await page.evaluate('document.documentElement.scrollWidth > innerWidth')
    assert.equal(wider, false, `${name}: nothing is wider than ${width} pixels`)
    if (PICTURES !== undefined)
      await page.screenshot({ path: `${PICTURES}/${name}-${width}.png`, fullPage: true })
  }
  await page.setViewportSize({ width: 1280, height: 900 })
  await axeFindsNothing(page, name)
}
