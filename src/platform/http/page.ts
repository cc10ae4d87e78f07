import { readFileSync } from 'node:fs'
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

/** Serves the style sheet of the platform's own pages. */
export function addPageStyle(app: App): void {
  const css = readFileSync(new URL('./page.css', import.meta.url), 'utf8')
  app.get('/platform/page.css', { config: { access: { kind: 'public' } }, schema: {} }, (_request, reply) =>
    reply.type('text/css; charset=utf-8').header('cache-control', 'public, max-age=3600').send(css),
  )
}
