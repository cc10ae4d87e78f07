import { randomBytes } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  renameSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'

/**
 * Writes `dir/name` (0600) whole or not at all, replacing what was there. Durable when it returns: the bytes
 * are synced before the rename, the rename with the directory, so a crash leaves the old file or the new one.
 */
export function writeDurably(dir: string, name: string, content: string | Uint8Array): void {
  const temporary = writeTemporary(dir, name, content)
  renameSync(temporary, join(dir, name))
  syncDirectory(dir)
}

/**
 * As `writeDurably`, but never over an existing file: false when there is one. Of several servers that write
 * at once exactly one wins (`link` fails where the name exists), and all read the winner's back.
 */
export function writeIfAbsent(dir: string, name: string, content: string | Uint8Array): boolean {
  const temporary = writeTemporary(dir, name, content)
  try {
    linkSync(temporary, join(dir, name))
    return true
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw cause
  } finally {
    unlinkSync(temporary)
    syncDirectory(dir)
  }
}

/** Overwrites the bytes of `dir/name`, then removes it. Absent is fine. */
export function shredFile(dir: string, name: string): void {
  const path = join(dir, name)
  if (!existsSync(path)) return
  const file = openSync(path, 'r+')
  writeSync(file, randomBytes(statSync(path).size), 0, undefined, 0)
  fsyncSync(file)
  closeSync(file)
  unlinkSync(path)
  syncDirectory(dir)
}

function writeTemporary(dir: string, name: string, content: string | Uint8Array): string {
  const temporary = join(dir, `.${name}.${randomBytes(6).toString('hex')}`)
  const file = openSync(temporary, 'wx', 0o600)
  try {
    writeSync(file, Buffer.from(content as Uint8Array))
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  return temporary
}

function syncDirectory(dir: string): void {
  const handle = openSync(dir, 'r')
  fsyncSync(handle)
  closeSync(handle)
}
