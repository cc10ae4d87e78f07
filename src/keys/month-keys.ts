import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CodedError } from '../platform/coded-error.ts'
import { shredFile, writeIfAbsent } from './durable-file.ts'
import type { KeyErrorCode, Month } from './key-service.ts'
import type { Tweaks } from './tweaks.ts'

/** One random key a month, each a file wrapped under the root. */
export interface MonthKeys {
  ensure(month: Month): Buffer
  existing(month: Month): Buffer | null
  destroy(month: Month): void
  /** Months whose key was made, was not destroyed, and cannot be had. */
  lost(): Month[]
}

/** Where the month keys of a key directory lie; there from its first opening on. */
export const MONTHS = 'months'

/**
 * The month keys of a key directory: `months/2026-08.key`, or `months/2026-08.destroyed` once its retention
 * has ended. The mark of destruction is written first and looked for at every use, so a month destroyed by
 * one server is gone for all of them, and nobody makes it anew.
 *
 * A month whose key was made once (`tweaks` notes it) and whose file is gone is lost: no second key is made in its place,
 * for the first may come back from a backup.
 */
export function openMonthKeys(keyDirectory: string, wrappingKey: Buffer, tweaks: Tweaks): MonthKeys {
  const dir = join(keyDirectory, MONTHS)
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  chmodSync(dir, 0o700)
  const known = new Map<Month, Buffer>()

  if (tweaks.lost === null) {
    for (const name of readdirSync(dir)) {
      const month = /^(\d{4}-\d{2})\.key$/.exec(name)?.[1]
      if (month !== undefined) tweaks.noteMonth(month as Month)
    }
  }

  const isDestroyed = (month: Month): boolean => existsSync(join(dir, `${month}.destroyed`))

  const read = (month: Month): Buffer | null => {
    if (isDestroyed(month)) {
      known.get(month)?.fill(0)
      known.delete(month)
      return null
    }
    const cached = known.get(month)
    if (cached !== undefined) return cached
    const path = join(dir, `${month}.key`)
    if (!existsSync(path))
      throw error(
        'key-missing',
        `the key of ${month} is not in the key directory: no record of that month opens or is filed until it is restored from a backup of the keys`,
      )
    const key = unwrap(wrappingKey, month, readFileSync(path))
    known.set(month, key)
    return key
  }

  return {
    existing: (month) => read(checkMonth(month)),
    ensure(month) {
      checkMonth(month)
      if (!known.has(month) && !isDestroyed(month) && !existsSync(join(dir, `${month}.key`))) {
        // Noted by another server between our look at the files and ours at the notes, it is there now.
        if (!tweaks.months().includes(month))
          writeIfAbsent(dir, `${month}.key`, wrap(wrappingKey, month, randomBytes(32)))
        tweaks.noteMonth(month)
      }
      const key = read(month)
      if (key === null) throw error('key-destroyed', `retention of ${month} has ended`)
      return key
    },
    destroy(month) {
      writeIfAbsent(dir, `${checkMonth(month)}.destroyed`, '')
      shredFile(dir, `${month}.key`)
      read(month)
    },
    lost: () =>
      tweaks.months().filter((month) => {
        try {
          read(month)
          return false
        } catch {
          return true
        }
      }),
  }
}

function wrap(wrappingKey: Buffer, month: Month, key: Buffer): Buffer {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', wrappingKey, nonce)
  cipher.setAAD(Buffer.from(`countersign month key v1 ${month}`))
  return Buffer.concat([nonce, cipher.update(key), cipher.final(), cipher.getAuthTag()])
}

function unwrap(wrappingKey: Buffer, month: Month, wrapped: Buffer): Buffer {
  const broken = (cause?: unknown) =>
    error('keys-broken', `the key of ${month} is damaged: restore it from a backup of the keys`, cause)
  if (wrapped.length !== 60) throw broken()
  const decipher = createDecipheriv('aes-256-gcm', wrappingKey, wrapped.subarray(0, 12), {
    authTagLength: 16,
  })
  decipher.setAAD(Buffer.from(`countersign month key v1 ${month}`))
  decipher.setAuthTag(wrapped.subarray(44))
  try {
    return Buffer.concat([decipher.update(wrapped.subarray(12, 44)), decipher.final()])
  } catch (cause) {
    throw broken(cause)
  }
}

function checkMonth(month: Month): Month {
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(month)) throw error('key-missing', 'a month is written YYYY-MM')
  return month
}

function error(code: KeyErrorCode, message: string, cause?: unknown): CodedError<KeyErrorCode> {
  return new CodedError<KeyErrorCode>(code, message, cause === undefined ? {} : { cause })
}
