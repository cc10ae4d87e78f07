import { unzipSync, type Zippable, zipSync } from 'fflate'
import { CodedError } from '../../platform/coded-error.ts'

export type ArchiveFault = 'archive-damaged' | 'archive-too-large'

/** The files of a bundle, by their path. */
export type Files = ReadonlyMap<string, Uint8Array>

/** What a zip holds, and whether it is byte for byte the one that we would write of these files. */
export interface Archive {
  readonly files: Files
  /** The first byte that differs from the canonical zip, and the file whose record it is in; null when none does. */
  readonly odd: { readonly at: number; readonly near: string | null } | null
}

export const MAX_ARCHIVE_BYTES = 256 * 1024 * 1024
const MAX_FILES = 20_000
/** The first instant that a zip can say, in whatever zone the machine stands. */
const NO_TIME = new Date(1980, 0, 1)

/**
 * The one zip of these files: stored and not compressed, sorted by path, without times, comments or attributes. So a
 * bundle's bytes follow from its files alone, and a reader can ask for exactly these bytes.
 */
export function encodeArchive(files: Files): Uint8Array {
  const entries: Zippable = {}
  for (const path of [...files.keys()].sort()) entries[path] = [files.get(path)!, { level: 0 }]
  return zipSync(entries, { level: 0, mtime: NO_TIME })
}

/**
 * Reads a zip. What hides in a zip beside its files (a comment, bytes before, between or after, a second file of one
 * name, times, flags) is found by writing the zip anew from what was read and comparing every byte.
 * @throws CodedError `archive-damaged` when no files can be had from it, `archive-too-large`.
 */
export function parseArchive(bytes: Uint8Array): Archive {
  if (bytes.length > MAX_ARCHIVE_BYTES) throw tooLarge()
  const files = new Map(Object.entries(readFiles(bytes)))
  const canonical = encodeArchive(files)
  const at = firstDifference(bytes, canonical)
  return { files, odd: at === null ? null : { at, near: fileAt(files, at) } }
}

function readFiles(bytes: Uint8Array): Record<string, Uint8Array> {
  let count = 0
  try {
    return unzipSync(bytes, {
      filter: ({ compression, size, originalSize, name }) => {
        count += 1
        if (count > MAX_FILES) throw tooLarge()
        // Stored only: nothing here unpacks to more than it is. Names are plain, so none leads elsewhere.
        if (compression !== 0 || size !== originalSize || !isPlainPath(name)) throw damaged()
        return true
      },
    })
  } catch (cause) {
    if (cause instanceof CodedError) throw cause
    throw damaged(cause)
  }
}

/** Letters, digits, dots and dashes, with single slashes between; no part begins with a dot. */
function isPlainPath(path: string): boolean {
  return path.length <= 200 && /^[A-Za-z0-9][A-Za-z0-9._-]*(\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/.test(path)
}

function firstDifference(a: Uint8Array, b: Uint8Array): number | null {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i += 1) if (a[i] !== b[i]) return i
  return a.length === b.length ? null : length
}

/** Whose record the byte at `at` of the canonical zip is in: its local header, its bytes, or its line of the index. */
function fileAt(files: Files, at: number): string | null {
  const paths = [...files.keys()].sort()
  let from = 0
  for (const path of paths) {
    from += LOCAL_HEADER_BYTES + path.length + files.get(path)!.length
    if (at < from) return path
  }
  for (const path of paths) {
    from += INDEX_LINE_BYTES + path.length
    if (at < from) return path
  }
  return null
}

/** Sizes of the zip's records before the name (APPNOTE, 4.3.7 and 4.3.12); plain names take a byte a character. */
const LOCAL_HEADER_BYTES = 30
const INDEX_LINE_BYTES = 46

function damaged(cause?: unknown): CodedError<ArchiveFault> {
  return new CodedError('archive-damaged', 'this is not an evidence bundle, or it is damaged', { cause })
}

function tooLarge(): CodedError<ArchiveFault> {
  return new CodedError('archive-too-large', 'this file is too large for an evidence bundle')
}
