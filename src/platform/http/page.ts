import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Language } from '../words.ts'
import type { App } from './app.ts'

/** Makes text safe inside HTML, in elements and in quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`)
}

export interface Page {
  readonly language: Language
  /** Text. */
  readonly title: string
  /** HTML, already escaped. */
  readonly body: string
  /** Addresses of a style sheet and of a script module of ours. */
  readonly style?: string
  readonly script?: string
  /** Where no script runs, the page loads itself anew this often. */
  readonly refreshSeconds?: number
}

/** A whole HTML page in the house's look, for the few pages that the platform renders itself. */
export function renderPage(page: Page): string {
  const style = page.style === undefined ? '' : `<link rel="stylesheet" href="${escapeHtml(page.style)}">`
  const script =
    page.script === undefined ? '' : `<script type="module" src="${escapeHtml(page.script)}"></script>`
  const refresh =
    page.refreshSeconds === undefined
      ? ''
      : `<noscript><meta http-equiv="refresh" content="${page.refreshSeconds}"></noscript>`
  return `<!doctype html>
<html lang="${page.language}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<title>${escapeHtml(page.title)}</title><link rel="icon" href="data:,"><link rel="stylesheet" href="/platform/page.css">${style}${script}${refresh}</head>
<body>${page.body}</body></html>`
}

const FONTS: Readonly<Record<string, string>> = {
  'inter.woff2': '@fontsource-variable/inter/files/inter-latin-wght-normal.woff2',
  'myanmar-400.woff2': '@fontsource/noto-sans-myanmar/files/noto-sans-myanmar-myanmar-400-normal.woff2',
  'myanmar-600.woff2': '@fontsource/noto-sans-myanmar/files/noto-sans-myanmar-myanmar-600-normal.woff2',
}

/** Serves the style sheet and the two typefaces of the platform's own pages: not every machine has a Burmese one. */
export function addPageStyle(app: App): void {
  const { resolve } = createRequire(import.meta.url)
  const config = { access: { kind: 'public' } } as const
  const serve = (address: string, type: string, content: Buffer, maxAge: number): void => {
    app.get(`/platform/${address}`, { config, schema: {} }, (_request, reply) =>
      reply.type(type).header('cache-control', `public, max-age=${maxAge}`).send(content),
    )
  }
  serve('page.css', 'text/css; charset=utf-8', readFileSync(new URL('./page.css', import.meta.url)), 3_600)
  for (const [name, path] of Object.entries(FONTS)) {
    serve(`fonts/${name}`, 'font/woff2', readFileSync(resolve(path)), 31_536_000)
  }
}
