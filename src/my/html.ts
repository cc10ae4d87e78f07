/** HTML that is safe to send: made by `html` only. */
export interface Html {
  readonly html: string
}

type Part = Html | string | number | null | false | readonly Part[]

/**
 * HTML from a template; every text put into it is escaped, in elements and in quoted attributes. `null` and `false`
 * leave nothing, arrays are joined.
 */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return { html: strings.reduce((text, piece, i) => text + render(parts[i - 1] ?? null) + piece) }
}

function render(part: Part): string {
  if (part === null || part === false) return ''
  if (typeof part === 'string' || typeof part === 'number') return escapeText(String(part))
  return isList(part) ? part.map(render).join('') : part.html
}

function isList(part: Html | readonly Part[]): part is readonly Part[] {
  return Array.isArray(part)
}

function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`)
}
