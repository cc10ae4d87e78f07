import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { CodedError } from '../platform/coded-error.ts'
import type { App } from '../platform/http/app.ts'

interface Asset {
  readonly type: string
  readonly bytes: Buffer
  /** Null where it would not shrink. */
  readonly gzip: Buffer | null
}

/** What her page loads, by address; names carry a digest, so browsers may keep them for ever. */
export interface MyAssets {
  readonly style: string
  readonly script: string
  /** Only for pages that ask for her own key. */
  readonly keyScript: string
  readonly files: ReadonlyMap<string, Asset>
}

const PREFIX = '/my/assets/'

/**
 * Builds the script (about 0.1 s) and gathers style and fonts. Burmese pages load both fonts, about 95 kB; bold
 * Burmese is drawn by the browser from the one weight, which saves another 50 kB on a slow line.
 */
export async function buildMyAssets(): Promise<MyAssets> {
  const require = createRequire(import.meta.url)
  const inter = addressed(
    'inter',
    'woff2',
    readFileSync(require.resolve('@fontsource-variable/inter/files/inter-latin-wght-normal.woff2')),
  )
  const myanmar = addressed(
    'myanmar',
    'woff2',
    readFileSync(
      require.resolve('@fontsource/noto-sans-myanmar/files/noto-sans-myanmar-myanmar-400-normal.woff2'),
    ),
  )
  const css = readFileSync(new URL('./my.css', import.meta.url), 'utf8')
    .replace('"inter.woff2"', `"${inter.address}"`)
    .replace('"myanmar.woff2"', `"${myanmar.address}"`)
    .replaceAll(/\n\s*/g, '\n')
  const style = addressed('my', 'css', Buffer.from(css))
  const script = addressed('my', 'js', await bundleScript('main'))
  const keyScript = addressed('key', 'js', await bundleScript('key'))
  const all = [inter, myanmar, style, script, keyScript]
  return {
    style: style.address,
    script: script.address,
    keyScript: keyScript.address,
    files: new Map(all.map((one) => [one.address, one.asset])),
  }
}

/** Serves them. */
export function addAssetRoutes(app: App, assets: MyAssets): void {
  for (const [address, asset] of assets.files) {
    app.get(address, { config: { access: { kind: 'public' } }, schema: { hide: true } }, (request, reply) => {
      const packed = asset.gzip !== null && /\bgzip\b/.test(request.headers['accept-encoding'] ?? '')
      reply
        .type(asset.type)
        .header('cache-control', 'public, max-age=31536000, immutable')
        .header('vary', 'accept-encoding')
      if (packed) reply.header('content-encoding', 'gzip')
      return reply.send(packed ? asset.gzip : asset.bytes)
    })
  }
}

async function bundleScript(name: 'main' | 'key'): Promise<Buffer> {
  const result = await build({
    entryPoints: [fileURLToPath(new URL(`./script/${name}.ts`, import.meta.url))],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: ['es2022'],
    legalComments: 'none',
    logLevel: 'silent',
  })
  const file = result.outputFiles[0]
  if (file === undefined)
    throw new CodedError('script-not-built', 'the page’s script was not built', { fatal: true })
  return Buffer.from(file.contents)
}

const TYPES: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  woff2: 'font/woff2',
}

function addressed(name: string, ext: string, bytes: Buffer): { address: string; asset: Asset } {
  const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 12)
  const gzip = ext === 'woff2' ? null : gzipSync(bytes, { level: 9 })
  return { address: `${PREFIX}${name}.${digest}.${ext}`, asset: { type: TYPES[ext] ?? '', bytes, gzip } }
}
