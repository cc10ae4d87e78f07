import assert from 'node:assert/strict'
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'

/**
 * axe finds nothing on this page. It works the rules out in the page itself, not in a second one that is opened for
 * that and costs as much again; only frames of other origins would be left out, and we have none.
 */
export async function axeFindsNothing(page: Page, where = 'the page'): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze()
  assert.deepEqual(
    violations.map(
      ({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 200)} ${nodes[0]?.any[0]?.message ?? ''}`,
    ),
    [],
    `${where}: axe`,
  )
}
