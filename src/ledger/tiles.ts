import { CodedError } from '../platform/coded-error.ts'
import { HASH_BYTES } from './merkle.ts'

/** C2SP tlog-tiles: a tile is 256 hashes wide, eight levels of the tree high. */
export const TILE_WIDTH = 256
export const TILE_HEIGHT = 8

export type TileFault = 'tile-path-malformed' | 'bundle-malformed'

/** Which tile: `level` 0 holds leaf hashes; `entries` is the bundle of entries under a level 0 tile. */
export interface TileName {
  readonly level: number | 'entries'
  readonly index: number
  /** 256 when full; below that, the partial tile of that width. */
  readonly width: number
}

/** The path below the log's prefix: `tile/0/x001/x234/067`, `tile/entries/000.p/5`. */
export function encodeTilePath(tile: TileName): string {
  let rest = tile.index
  let path = String(rest % 1000).padStart(3, '0')
  while (rest >= 1000) {
    rest = Math.floor(rest / 1000)
    path = `x${String(rest % 1000).padStart(3, '0')}/${path}`
  }
  const partial = tile.width === TILE_WIDTH ? '' : `.p/${tile.width}`
  return `tile/${tile.level}/${path}${partial}`
}

/**
 * The tile that a path names. Every tile has one path: `0`, `00`, `x000/000`, `.p/0`, `.p/256` and `.p/05` are
 * refused. @throws CodedError `tile-path-malformed`
 */
export function parseTilePath(path: string): TileName {
  const match =
    /^tile\/(entries|0|[1-9][0-9]?)\/((?:x[0-9]{3}\/){0,4}[0-9]{3})(?:\.p\/([1-9][0-9]{0,2}))?$/.exec(path)
  if (match !== null) {
    const level = match[1] === 'entries' ? ('entries' as const) : Number(match[1])
    const index = Number(match[2]!.replaceAll(/[x/]/g, ''))
    const width = match[3] === undefined ? TILE_WIDTH : Number(match[3])
    const partialIsBelow = match[3] === undefined || width < TILE_WIDTH
    const tile = { level, index, width }
    if (partialIsBelow && (level === 'entries' || level <= 63) && encodeTilePath(tile) === path) return tile
  }
  throw new CodedError<TileFault>('tile-path-malformed', 'not the path of a tile')
}

/** How many hashes a tree of `size` entries has in the tile at `level` and `index`: 0 to 256. */
export function tileWidth(size: number, level: number | 'entries', index: number): number {
  const hashes = Math.floor(size / TILE_WIDTH ** (level === 'entries' ? 0 : level))
  return Math.max(0, Math.min(TILE_WIDTH, hashes - index * TILE_WIDTH))
}

/** The hash at `position` of a tile's bytes. */
export function hashInTile(tile: Uint8Array, position: number): Uint8Array {
  return tile.subarray(position * HASH_BYTES, (position + 1) * HASH_BYTES)
}

/** An entry bundle: each entry after its length in two bytes, big-endian. */
export function encodeBundle(entries: readonly Uint8Array[]): Uint8Array {
  const bundle = new Uint8Array(entries.reduce((sum, entry) => sum + 2 + entry.length, 0))
  let at = 0
  for (const entry of entries) {
    if (entry.length > 0xffff) throw new CodedError<TileFault>('bundle-malformed', 'an entry is too long')
    bundle[at] = entry.length >> 8
    bundle[at + 1] = entry.length & 0xff
    bundle.set(entry, at + 2)
    at += 2 + entry.length
  }
  return bundle
}

/** The entries of a bundle, at most 256. @throws CodedError `bundle-malformed` */
export function parseBundle(bundle: Uint8Array): Uint8Array[] {
  const entries: Uint8Array[] = []
  let at = 0
  while (at < bundle.length) {
    if (at + 2 > bundle.length) throw new CodedError<TileFault>('bundle-malformed', 'a length is cut off')
    const length = (bundle[at]! << 8) | bundle[at + 1]!
    at += 2
    if (at + length > bundle.length)
      throw new CodedError<TileFault>('bundle-malformed', 'an entry is cut off')
    entries.push(bundle.slice(at, at + length))
    at += length
  }
  if (entries.length > TILE_WIDTH)
    throw new CodedError<TileFault>('bundle-malformed', 'more than 256 entries in a bundle')
  return entries
}
