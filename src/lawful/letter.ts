import { typstString as quote, typstPdf } from '../platform/typst.ts'
import type { Language } from '../platform/words.ts'

/** A letter that the operator writes: a heading, paragraphs, and a few facts in two columns. */
export interface Letter {
  readonly operatorName: string
  readonly title: string
  readonly facts: readonly (readonly [label: string, value: string])[]
  readonly paragraphs: readonly string[]
  readonly foot: string
}

/** The letter as a PDF (Typst, which shapes Burmese rightly). Fonts come with the product. */
export function letterPdf(letter: Letter, language: Language): Buffer {
  return typstPdf(sourceOf(letter, language))
}

function sourceOf(letter: Letter, language: Language): string {
  const facts = letter.facts.flatMap((pair) => pair.map((text) => `text(${quote(text)})`)).join(', ')
  const table =
    letter.facts.length === 0
      ? ''
      : `#table(columns: (auto, 1fr), stroke: none, inset: (x: 0pt, y: 3pt), column-gutter: 6mm, ${facts})`
  return `#set page(paper: "a4", margin: (x: 24mm, y: 24mm), footer: context [#set text(8pt, fill: luma(110)); #text(${quote(letter.foot)}) #h(1fr) #counter(page).display()])
#set text(font: ("Inter", "Noto Sans Myanmar"), size: 10pt, lang: "${language}")
#set par(leading: ${language === 'my' ? '0.95em' : '0.7em'}, spacing: 1.2em)
#text(10pt, fill: luma(90), ${quote(letter.operatorName)})
#v(4mm)
#text(16pt, weight: "bold", ${quote(letter.title)})
#v(3mm)
${table}
#v(2mm)
${letter.paragraphs.map((text) => `#text(${quote(text)})`).join('\n\n')}
`
}
