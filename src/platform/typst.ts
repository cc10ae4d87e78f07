import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { NodeCompiler } from '@myriaddreamin/typst-ts-node-compiler'

let compiler: NodeCompiler | null = null

/** A PDF of Typst source. Fonts (Inter, Noto Sans Myanmar) come with the product; the machine's are not looked at. */
export function typstPdf(source: string): Buffer {
  compiler ??= NodeCompiler.create({ fontArgs: [{ fontPaths: fontFolders() }] })
  const pdf = compiler.pdf({ mainFileContent: source })
  compiler.evictCache(10)
  return Buffer.from(pdf)
}

/** A Typst string literal; nothing in it is read as markup. */
export function typstString(text: string): string {
  return JSON.stringify(
    text.replace(/[\p{Cc}\p{Cf}]/gu, (c) => (c === '\u200b' || c === '\u200c' || c === '\u200d' ? c : ' ')),
  )
}

function fontFolders(): string[] {
  const require = createRequire(import.meta.url)
  return ['inter', 'noto-sans-myanmar'].flatMap((family) => {
    const root = dirname(require.resolve(`@expo-google-fonts/${family}/package.json`))
    return ['400Regular', '700Bold'].map((weight) => join(root, weight))
  })
}
