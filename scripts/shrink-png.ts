import { crc32, deflateSync, inflateSync } from 'node:zlib'

/**
 * A screenshot as a PNG of at most 256 colours, a third of its size: pages are ink on paper, so the colours that fall
 * away are shades of the edges of letters. Takes what Chromium makes: 8 bits, RGB or RGBA, not interlaced.
 */
export function shrinkPng(png: Buffer): Buffer {
  const { width, height, channels, data } = readPng(png)
  const pixels = unfilter(data, width, height, channels)
  const { palette, indexOf } = choosePalette(pixels, channels)
  const rows = Buffer.alloc((width + 1) * height)
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1)
      rows[y * (width + 1) + 1 + x] = indexOf(colourAt(pixels, (y * width + x) * channels))
  }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.set([8, 3, 0, 0, 0], 8)
  const colours = Buffer.from(palette.flatMap((c) => [c >> 16, (c >> 8) & 255, c & 255]))
  return Buffer.concat([
    png.subarray(0, 8),
    chunk('IHDR', head),
    chunk('PLTE', colours),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function readPng(png: Buffer): { width: number; height: number; channels: number; data: Buffer } {
  const parts: Buffer[] = []
  let [width, height, channels] = [0, 0, 0]
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    const type = png.toString('latin1', at + 4, at + 8)
    const body = png.subarray(at + 8, at + 8 + png.readUInt32BE(at))
    if (type === 'IDAT') parts.push(body)
    if (type !== 'IHDR') continue
    width = body.readUInt32BE(0)
    height = body.readUInt32BE(4)
    channels = body[9] === 6 ? 4 : 3
    if (body[8] !== 8 || (body[9] !== 2 && body[9] !== 6) || body[12] !== 0)
      throw new Error('invariant broken: Chromium makes plain RGB screenshots')
  }
  return { width, height, channels, data: inflateSync(Buffer.concat(parts)) }
}

/** PNG 1.2, 6: each row begins with its filter; each byte was predicted from left, above, or both. */
function unfilter(data: Buffer, width: number, height: number, channels: number): Buffer {
  const stride = width * channels
  const out = Buffer.alloc(stride * height)
  for (let y = 0; y < height; y += 1) {
    const filter = data[y * (stride + 1)]
    for (let i = 0; i < stride; i += 1) {
      const at = y * stride + i
      const left = i < channels ? 0 : out[at - channels]!
      const above = y === 0 ? 0 : out[at - stride]!
      const corner = y === 0 || i < channels ? 0 : out[at - stride - channels]!
      const predicted =
        filter === 1
          ? left
          : filter === 2
            ? above
            : filter === 3
              ? (left + above) >> 1
              : filter === 4
                ? paeth(left, above, corner)
                : 0
      out[at] = (data[y * (stride + 1) + 1 + i]! + predicted) & 255
    }
  }
  return out
}

function paeth(left: number, above: number, corner: number): number {
  const estimate = left + above - corner
  const [a, b, c] = [Math.abs(estimate - left), Math.abs(estimate - above), Math.abs(estimate - corner)]
  return a <= b && a <= c ? left : b <= c ? above : corner
}

const colourAt = (pixels: Buffer, at: number): number =>
  (pixels[at]! << 16) | (pixels[at + 1]! << 8) | pixels[at + 2]!

/** The 256 commonest colours; any other is drawn as the nearest of them. */
function choosePalette(
  pixels: Buffer,
  channels: number,
): { palette: number[]; indexOf: (colour: number) => number } {
  const counts = new Map<number, number>()
  for (let at = 0; at < pixels.length; at += channels) {
    const colour = colourAt(pixels, at)
    counts.set(colour, (counts.get(colour) ?? 0) + 1)
  }
  const palette = [...counts]
    .sort((a, b) => b[1] - a[1])
    .slice(0, 256)
    .map(([colour]) => colour)
  const known = new Map(palette.map((colour, index) => [colour, index]))
  return {
    palette,
    indexOf: (colour) => {
      const index = known.get(colour) ?? nearest(palette, colour)
      known.set(colour, index)
      return index
    },
  }
}

function nearest(palette: readonly number[], colour: number): number {
  let [best, least] = [0, Number.POSITIVE_INFINITY]
  for (const [index, other] of palette.entries()) {
    const [r, g, b] = [
      (colour >> 16) - (other >> 16),
      ((colour >> 8) & 255) - ((other >> 8) & 255),
      (colour & 255) - (other & 255),
    ]
    const distance = r * r + g * g + b * b
    if (distance < least) [best, least] = [index, distance]
  }
  return best
}

function chunk(type: string, body: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(body.length)
  const named = Buffer.concat([Buffer.from(type, 'latin1'), body])
  const check = Buffer.alloc(4)
  check.writeUInt32BE(crc32(named))
  return Buffer.concat([length, named, check])
}
