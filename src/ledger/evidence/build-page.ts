import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/** The page, and the policy that it states of itself, for servers to state too. */
export interface VerifyPage {
  readonly html: string
  readonly policy: string
}

let built: Promise<VerifyPage> | null = null

/**
 * `verify.html`: the whole checker in one file, from the code that the command line checks with. Its policy allows this
 * one script and this one style, by their digests, and no address at all: nothing can leave it or come in.
 */
export function buildVerifyPage(): Promise<VerifyPage> {
  built ??= bundlePage()
  return built
}

async function bundlePage(): Promise<VerifyPage> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('page/page.ts', import.meta.url))],
    bundle: true,
    write: false,
    minify: true,
    format: 'iife',
    platform: 'browser',
    target: ['chrome100', 'firefox100', 'safari15'],
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'silent',
  })
  // Inside HTML a script may not hold its own end.
  const script = outputFiles[0]!.text.replaceAll('</script', '<\\/script')
  const style = readFileSync(new URL('page/page.css', import.meta.url), 'utf8')
  const policy = `default-src 'none'; script-src '${digest(script)}'; style-src '${digest(style)}'; base-uri 'none'; form-action 'none'`
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Check a bundle of evidence · သက်သေအထုပ်ကို စစ်ဆေးပါ</title>
<style>${style}</style>
</head>
<body>
<main>
<h1 data-say="title"></h1>
<p data-say="intro"></p>
<label for="file" data-say="file"></label>
<input id="file" type="file" accept=".zip,application/zip">
<label for="key" data-say="key"></label>
<input id="key" type="text" autocomplete="off" spellcheck="false" aria-describedby="key-help">
<p id="key-help" class="small" data-say="keyHelp"></p>
<div id="result" aria-live="polite"></div>
</main>
<script>${script}</script>
</body>
</html>
`
  return { html, policy }
}

function digest(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
}
