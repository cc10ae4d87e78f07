import assert from 'node:assert/strict'
import type { CompletenessProof } from '../../src/ledger/subjects/completeness.ts'
import { parsePolicy } from '../../src/ledger/trust-policy.ts'
import { checkComplete, type KeptEnd, type ShownLine } from '../../src/my/script/check-complete.ts'
import { checkRegister } from '../../src/my/script/register.ts'
import type { App } from '../../src/platform/http/app.ts'
import type { Language } from '../../src/platform/words.ts'
import type { Visitor } from './house.ts'

/** What an operator would show and send in place of what is so. */
export interface Instead {
  readonly kept?: KeptEnd | null
  readonly lines?: (shown: ShownLine[]) => ShownLine[]
  readonly proof?: CompletenessProof
}

/** Her phone: what her browser's script does, on what the server sends. */
export interface Phone {
  readonly visitor: Visitor
  proof(): Promise<CompletenessProof>
  /** Checks the page as her browser does. */
  check(instead?: Instead): ReturnType<typeof checkComplete>
}

/** The phone of whoever is signed in as the holder of `number` (E.164). */
export function openPhone(app: App, visitor: Visitor, number: string): Phone {
  const fetchBytes = async (path: string) => {
    const cookie = [...visitor.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await app.inject({ url: path, headers: { cookie } })
    assert.equal(answer.statusCode, 200, path)
    return new Uint8Array(answer.rawPayload)
  }
  const proof = async () =>
    JSON.parse(new TextDecoder().decode(await fetchBytes('/my/complete'))) as CompletenessProof
  return {
    visitor,
    proof,
    async check({ kept = null, lines = (shown: ShownLine[]) => shown, proof: sent } = {}) {
      const { body } = await visitor.get('/my')
      const shown = sent ?? (await proof())
      const verifierKey = attributeOf(body, 'key')
      return checkComplete(shown, {
        ...{ number, verifierKey, kept, fetchBytes },
        policy: parsePolicy(attributeOf(body, 'policy')),
        head: await checkRegister(verifierKey, null, fetchBytes),
        lines: lines(linesOf(body)),
        more: attributeOf(body, 'more') === 'true',
        begin: Number(attributeOf(body, 'begin')),
        reader: {
          language: attributeOf(body, 'language') as Language,
          offsetMinutes: Number(attributeOf(body, 'offset')),
        },
      })
    },
  }
}

function linesOf(body: string): ShownLine[] {
  return [...body.matchAll(/<li [^>]*data-first="[0-9]+"[^>]*>.*?<\/li>/gs)].map(([item]) => {
    const look = item.includes('data-look=') ? attributeOf(item, 'look') : null
    const given = [...item.matchAll(/<p [^>]*data-given>(.*?)<\/p>/gs)].map(([, inner = '']) => textOf(inner))
    return {
      look,
      first: Number(attributeOf(item, 'first')),
      last: Number(attributeOf(item, 'last')),
      given: look === null ? given.join('\n') : null,
    }
  })
}

function attributeOf(markup: string, name: string): string {
  return textOf(new RegExp(`data-${name}="([^"]*)"`).exec(markup)?.[1] ?? '')
}

/** What markup reads as. */
export function textOf(markup: string): string {
  return markup
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll(/&#([0-9]+);/g, (_, digits: string) => String.fromCodePoint(Number(digits)))
}
