import assert from 'node:assert/strict'
import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

const SHARED = process.env.COUNTERSIGN_SHARED ?? join(import.meta.dirname, '../../../shared')

interface Vectors<G> {
  readonly numberOfTests: number
  readonly testGroups: readonly G[]
}
interface Case {
  readonly tcId: number
  readonly result: 'valid' | 'invalid' | 'acceptable'
}

function vectors<G>(name: string): Vectors<G> {
  const path = join(SHARED, 'data/wycheproof', name)
  assert.ok(existsSync(path), `test vectors are missing: set COUNTERSIGN_SHARED to the shared data (${name})`)
  return JSON.parse(readFileSync(path, 'utf8')) as Vectors<G>
}

/** OpenSSL refuses longer ones (EVP_MAX_IV of GCM is 128 bytes); ours are 96 bits. */
const LONGEST_IV = 1024

const hex = (text: string): Buffer => Buffer.from(text, 'hex')

test('AES-GCM seals and opens as all Wycheproof vectors say', () => {
  type AeadCase = Case & { key: string; iv: string; aad: string; msg: string; ct: string; tag: string }
  type Group = { ivSize: number; keySize: number; tagSize: number; tests: readonly AeadCase[] }
  const { testGroups, numberOfTests } = vectors<Group>('aes_gcm_test.json')
  let seen = 0
  for (const group of testGroups) {
    for (const c of group.tests) {
      seen++
      if (group.ivSize > LONGEST_IV) continue
      assert.equal(
        openGcm(group.keySize, c)?.equals(hex(c.msg)) ?? false,
        c.result === 'valid',
        `case ${c.tcId}`,
      )
    }
  }
  assert.equal(seen, numberOfTests)

  function openGcm(keySize: number, c: AeadCase): Buffer | null {
    const name = `aes-${keySize}-gcm` as 'aes-256-gcm'
    try {
      const decipher = createDecipheriv(name, hex(c.key), hex(c.iv), { authTagLength: 16 })
      decipher.setAAD(hex(c.aad))
      decipher.setAuthTag(hex(c.tag))
      const plain = Buffer.concat([decipher.update(hex(c.ct)), decipher.final()])
      const cipher = createCipheriv(name, hex(c.key), hex(c.iv))
      cipher.setAAD(hex(c.aad))
      assert.equal(
        Buffer.concat([cipher.update(plain), cipher.final()]).toString('hex'),
        c.ct,
        `case ${c.tcId}`,
      )
      assert.equal(cipher.getAuthTag().toString('hex'), c.tag, `case ${c.tcId}`)
      return plain
    } catch (error) {
      if (error instanceof assert.AssertionError) throw error
      return null
    }
  }
})

test('HKDF-SHA-256 derives what all Wycheproof vectors say', () => {
  type HkdfCase = Case & { ikm: string; salt: string; info: string; size: number; okm: string }
  const { testGroups, numberOfTests } = vectors<{ tests: readonly HkdfCase[] }>('hkdf_sha256_test.json')
  let seen = 0
  for (const c of testGroups.flatMap((group) => group.tests)) {
    seen++
    const derive = () => Buffer.from(hkdfSync('sha256', hex(c.ikm), hex(c.salt), hex(c.info), c.size))
    if (c.result === 'invalid') assert.throws(derive)
    else assert.equal(derive().toString('hex'), c.okm, `case ${c.tcId}`)
  }
  assert.equal(seen, numberOfTests)
})

test('HMAC-SHA-256 makes the tags that all Wycheproof vectors say', () => {
  type MacCase = Case & { key: string; msg: string; tag: string }
  type Group = { tagSize: number; tests: readonly MacCase[] }
  const { testGroups, numberOfTests } = vectors<Group>('hmac_sha256_test.json')
  let seen = 0
  for (const group of testGroups) {
    for (const c of group.tests) {
      seen++
      const tag = createHmac('sha256', hex(c.key))
        .update(hex(c.msg))
        .digest()
        .subarray(0, group.tagSize / 8)
      assert.equal(tag.toString('hex') === c.tag, c.result === 'valid', `case ${c.tcId}`)
    }
  }
  assert.equal(seen, numberOfTests)
})
