import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { refusalInBurmese, refusalTextInBurmese } from '../../src/care/refusal-words.ts'
import { refuse } from '../../src/platform/refusal.ts'

/** Where a champion's and a customer's refusals come from. What only administrators and officers are refused is not among them. */
const ROOMS = {
  care: /\.ts$/,
  find: /\.ts$/,
  customers: /\.ts$/,
  my: /\.ts$/,
  staff: /^(circle|conduct|passkeys|problems|withhold|cedar-policy)\.ts$/,
  'platform/http': /^(problem|csrf|console)\.ts$/,
} as const
/** What names the field that is wrong cannot stand in a table, and no champion types into an address. */
const NOT_FIXED = ['The 77 7.']

test('whatever a champion or a customer is refused, and what to do next, is said in Burmese, too', () => {
  const said = [...sentencesOfRooms(), ...sentencesOfPolicies()]
  assert.ok(said.length > 200, `${said.length} sentences were found`)
  const missing = said.filter((english) => refusalInBurmese(english) === null)
  assert.deepEqual([...new Set(missing)], [])
})

test('numbers stand in the Burmese in Burmese digits, in their order; a reference stays as it is', () => {
  assert.equal(
    refusalInBurmese('5 numbers were asked about for this customer in 30 days.'),
    'ဤဖောက်သည်အတွက် နံပါတ် ၅ ခုကို ၃၀ ရက်အတွင်း မေးပြီးပါပြီ။',
  )
  assert.match(
    refusalInBurmese('Try again. If it stays, give our support the reference req-2c.') ?? '',
    / req-2c /,
  )
  assert.equal(refusalInBurmese('Write it as 09 and its digits.'), '09 နှင့် ဂဏန်းများဖြင့် ရေးပါ။')
  assert.equal(refusalInBurmese('Nobody has said this before.'), null)
  assert.equal(refusalInBurmese('toString'), null)
  const refusal = refuse('grant-ended', 'This look has ended.', 'Nobody has said this before.')
  assert.equal(refusalTextInBurmese(refusal), null)
  assert.equal(refusalTextInBurmese({ ...refusal, next: 'Sign in.' }), 'ဤကြည့်ရှုမှု ပြီးဆုံးပြီ။ ဝင်ရောက်ပါ။')
})

/** Both sentences of each `refuse(...)`, with a number in place of what is filled in. */
function sentencesOfRooms(): string[] {
  return Object.entries(ROOMS).flatMap(([room, files]) => {
    const directory = new URL(`../../src/${room}/`, import.meta.url)
    return readdirSync(directory)
      .filter((name) => files.test(name))
      .flatMap((name) => sentencesIn(readFileSync(new URL(name, directory), 'utf8')))
  })
}

function sentencesIn(source: string): string[] {
  const constants = new Map(
    [...source.matchAll(/const ([A-Za-z_]+) = ('[^'\n]+')/g)].map(([, name, text]) => [name, text]),
  )
  return [...source.matchAll(/(?<![.\w])refuse\(\s*'[a-z-]+',\s*([\s\S]*?),?\s*\)(?=[\s,;}]|$)/g)].flatMap(
    ([, rest = '']) =>
      [...rest.matchAll(/('[^'\n]*'|`[^`]*`|[A-Za-z_]+)\s*(?:,|$)/g)]
        .map(([, part = '']) => constants.get(part) ?? part)
        .filter((part) => /^['`]/.test(part))
        .map((part) =>
          part
            .slice(1, -1)
            .replaceAll(/\$\{request\.id\}/g, 'req-1a')
            .replaceAll(/\$\{[^}]*\}/g, '7'),
        )
        .filter((part) => !NOT_FIXED.includes(part)),
  )
}

function sentencesOfPolicies(): string[] {
  const directory = new URL('../../policies/', import.meta.url)
  return readdirSync(directory)
    .filter((name) => /^(10|20|30)-.*\.cedar$/.test(name))
    .flatMap((name) => [
      ...readFileSync(new URL(name, directory), 'utf8').matchAll(/@(?:says|next)\("([^"]+)"\)/g),
    ])
    .map(([, text = '']) => text)
}
