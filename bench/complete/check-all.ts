/// <reference lib="dom" />
import type { CompletenessProof } from '../../src/ledger/subjects/completeness.ts'
import { parsePolicy } from '../../src/ledger/trust-policy.ts'
import { checkComplete, firstLinksOf } from '../../src/my/script/check-complete.ts'
import { fetchAhead } from '../../src/my/script/fetch-ahead.ts'
import { checkRegister } from '../../src/my/script/register.ts'
import type { PageFacts } from './browser.ts'

/** Runs in the browser: what her page does before it says that all are here. @returns how many looks there are */
export async function checkAll({ number, policy, verifierKey, looks }: PageFacts): Promise<number> {
  const { fetchBytes, ahead } = fetchAhead(
    async (path) => new Uint8Array(await (await fetch(path)).arrayBuffer()),
  )
  const proof = JSON.parse(new TextDecoder().decode(await fetchBytes('/my/complete'))) as CompletenessProof
  const links = firstLinksOf(proof)
  if (links !== null) ahead(links)
  const head = await checkRegister(verifierKey, null, fetchBytes)
  const list = await checkComplete(proof, {
    ...{ number, verifierKey, head, fetchBytes, kept: null, more: false, begin: 0 },
    policy: parsePolicy(policy),
    lines: Array.from({ length: looks }, (_, i) => ({ look: `g${i}`, first: 0, last: 1, given: null })),
    reader: { language: 'en', offsetMinutes: 390 },
  })
  return list.looks
}
