import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type pg from 'pg'
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
}

const ID = /^[0-9a-f]{32}$/

/** The instance that lives in these places, or null when there is none yet. @throws CodedError `instance-broken`. */
export function findInstance({ dataDirectory, keyDirectory }: Places): Instance | null {
  const path = join(dataDirectory, 'instance.json')
  if (!existsSync(path)) return null
  let told: { born?: unknown; id?: unknown }
  try {
    told = JSON.parse(readFileSync(path, 'utf8')) as typeof told
  } catch (cause) {
    throw new CodedError('instance-broken', `${path} cannot be read: restore it from a backup`, { cause })
  }
  const { born, id } = told
  if ((born !== 'demo' && born !== 'real') || typeof id !== 'string' || !ID.test(id)) {
    throw new CodedError('instance-broken', `${path} is not an instance file: restore it from a backup`)
  }
  return { dataDirectory, keyDirectory, born, id }
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
  const path = join(dataDirectory, 'instance.json')
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
