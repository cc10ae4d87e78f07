import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type pg from 'pg'
import { writeDurably } from './keys/durable-file.ts'
import { CodedError } from './platform/coded-error.ts'

/** What a data directory was born as; it never changes. */
export type Birth = 'demo' | 'real'

/** Where an instance lives: two directories, so that a copy of the data alone is worth nothing. */
export interface Places {
  readonly dataDirectory: string
  /** Beside the data, never in it. */
  readonly keyDirectory: string
}

export interface Instance extends Places {
  readonly born: Birth
  /** Ties the directory to its database: a random name, kept in both. */
  readonly id: string
  /** The how-manieth log this is; absent for the first, which nearly everybody keeps. */
  readonly log?: number
}

const FILE = 'instance.json'
const ID = /^[0-9a-f]{32}$/

/** The instance that lives in these places, or null when there is none yet. @throws CodedError `instance-broken`. */
export function findInstance({ dataDirectory, keyDirectory }: Places): Instance | null {
  const path = join(dataDirectory, FILE)
  if (!existsSync(path)) return null
  let told: { born?: unknown; id?: unknown; log?: unknown }
  try {
    told = JSON.parse(readFileSync(path, 'utf8')) as typeof told
  } catch (cause) {
    throw new CodedError('instance-broken', `${path} cannot be read: restore it from a backup`, { cause })
  }
  const { born, id, log = 1 } = told
  const named = typeof id === 'string' && ID.test(id) && Number.isSafeInteger(log) && Number(log) >= 1
  if ((born !== 'demo' && born !== 'real') || !named) {
    throw new CodedError('instance-broken', `${path} is not an instance file: restore it from a backup`)
  }
  return { dataDirectory, keyDirectory, born, id, ...(log === 1 ? {} : { log: Number(log) }) }
}

/** Gives the instance's log its next name, for good: when the one it has can never be continued. */
export function renameLog(instance: Instance): Instance {
  const { dataDirectory, born, id } = instance
  const log = (instance.log ?? 1) + 1
  writeDurably(dataDirectory, FILE, `${JSON.stringify({ born, id, log }, null, 2)}\n`)
  return { ...instance, log }
}

/**
 * The instance in these places, made now when there is none.
 * @throws CodedError `born-otherwise` when it exists and was born as something else.
 */
export function openInstance(places: Places, born: Birth): Instance {
  const { dataDirectory, keyDirectory } = places
  const found = findInstance(places)
  if (found !== null) {
    if (found.born === born) return found
    throw new CodedError(
      'born-otherwise',
      `${dataDirectory} was born as a ${found.born} instance and stays one: use another --data directory for a ${born} one`,
    )
  }
  mkdirSync(dataDirectory, { recursive: true, mode: 0o755 })
  const id = randomBytes(16).toString('hex')
  const path = join(dataDirectory, FILE)
  writeFileSync(`${path}.making`, `${JSON.stringify({ born, id }, null, 2)}\n`)
  renameSync(`${path}.making`, path)
  return { dataDirectory, keyDirectory, born, id }
}

/**
 * Makes sure that directory and database belong together: the first to come writes its name into the
 * database, everyone after must bring the same.
 * @throws CodedError `other-instance`.
 */
export async function claimDatabase(pool: pg.Pool, instance: Instance): Promise<void> {
  await pool.query(
    'INSERT INTO platform.instance (one, id, born) VALUES (true, $1, $2) ON CONFLICT (one) DO NOTHING',
    [instance.id, instance.born],
  )
  const { rows } = await pool.query<{ id: string; born: Birth }>('SELECT id, born FROM platform.instance')
  if (rows[0]?.id !== instance.id) {
    throw new CodedError(
      'other-instance',
      `this database belongs to another instance than ${instance.dataDirectory}: point --data at its own directory, or DATABASE_URL at another database`,
    )
  }
}
