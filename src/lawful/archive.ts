/** A file of an archive. */
export interface ArchiveFile {
  /** ASCII, at most 100 characters. */
  readonly name: string
  readonly bytes: Uint8Array
}

const BLOCK = 512

/**
 * The files as a tar archive (POSIX.1-1988 ustar): every system opens it. Same files and time, same bytes.
 * @param at epoch ms, written as each file's time.
 */
export function writeArchive(files: readonly ArchiveFile[], at: number): Buffer {
  const parts = files.flatMap(({ name, bytes }) => [
    headerOf(name, bytes.length, at),
    bytes,
    Buffer.alloc((BLOCK - (bytes.length % BLOCK)) % BLOCK),
  ])
  return Buffer.concat([...parts, Buffer.alloc(2 * BLOCK)])
}

/** The files of an archive that `writeArchive` made. */
export function readArchive(archive: Buffer): ArchiveFile[] {
  const files: ArchiveFile[] = []
  for (let at = 0; archive[at] !== 0 && at + BLOCK <= archive.length; ) {
    const name = archive.toString('latin1', at, at + 100).replace(/\0.*$/s, '')
    const size = Number.parseInt(archive.toString('latin1', at + 124, at + 135), 8)
    files.push({ name, bytes: archive.subarray(at + BLOCK, at + BLOCK + size) })
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK
  }
  return files
}

function headerOf(name: string, size: number, at: number): Buffer {
  const header = Buffer.alloc(BLOCK)
  const octal = (value: number, width: number): string => `${value.toString(8).padStart(width - 1, '0')}\0`
  header.write(name, 0, 100, 'latin1')
  header.write(octal(0o600, 8), 100)
  header.write(octal(0, 8), 108)
  header.write(octal(0, 8), 116)
  header.write(octal(size, 12), 124)
  header.write(octal(Math.floor(at / 1000), 12), 136)
  header.write(' '.repeat(8), 148)
  header.write('0', 156)
  header.write('ustar\x0000', 257)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return header
}
