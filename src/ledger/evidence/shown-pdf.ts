import { typstString as quote, typstPdf } from '../../platform/typst.ts'
import { type ShownBlock, shownBlocks } from './shown.ts'

/** What was shown, as a PDF to print and file: the same parts as the page, of the same text. */
export function shownPdf(index: number, text: string): Buffer {
  return typstPdf(`#set page(paper: "a4", flipped: true, margin: 16mm, footer: context [#set text(8pt, fill: luma(110)); #text(${quote(`Entry ${index}`)}) #h(1fr) #counter(page).display()])
#set document(title: ${quote(`Entry ${index}: what was shown`)}, date: none)
#set text(font: ("Inter", "Noto Sans Myanmar"), size: 9pt)
#set par(leading: 0.95em)
#text(15pt, weight: "bold", ${quote(`Entry ${index}: what was shown`)})
#v(1mm)
#text(12pt, lang: "my", ${quote(`မှတ်တမ်း ${index}- ပြသခဲ့သည့် အကြောင်းအရာ`)})
#v(3mm)
${shownBlocks(text).map(blockSource).join('\n')}
`)
}

function blockSource({ heading, facts, table, text }: ShownBlock): string {
  const parts: string[] = []
  if (heading !== '') parts.push(`#text(11pt, weight: "bold", ${quote(heading)})\n`)
  if (facts.length > 0)
    parts.push(`#table(columns: (auto, 1fr), stroke: none, inset: 3pt,
  ${facts.map(([name, value]) => `text(fill: luma(90), ${quote(name)}), text(${quote(value)})`).join(',\n  ')},
)`)
  if (table !== null && table.rows.length > 0)
    parts.push(`#table(columns: ${table.columns.length}, stroke: (x, y) => if y > 0 { (top: 0.4pt + luma(210)) }, inset: 4pt,
  table.header(${table.columns.map((name) => `text(fill: luma(90), ${quote(name)})`).join(', ')}),
  ${table.rows.map((row) => row.map((cell) => `text(${quote(cell)})`).join(', ')).join(',\n  ')},
)`)
  if (text !== null)
    parts.push(
      text
        .split(/\r?\n/)
        .map((line) => `#text(${quote(line)})`)
        .join(' \\\n'),
    )
  return parts.join('\n')
}
