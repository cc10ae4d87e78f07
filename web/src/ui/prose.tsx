import type { ReactNode } from 'react'
import type { Language } from '../../../src/platform/words.ts'

/**
 * Markdown as our articles and the code of conduct use it: headings, paragraphs, lists, tables, `**bold**`.
 * Everything else is shown as it is written; nothing of it becomes HTML.
 */
export function Prose({ text, language }: { text: string; language: Language }) {
  const blocks = text
    .replace(/\r/g, '')
    .split(/\n{2,}/)
    .map((block) => block.trim())
    .filter((block) => block !== '')
  return (
    <div className="article" lang={language}>
      {blocks.map((block, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: blocks of one text have no other name
        <Block key={i} block={block} />
      ))}
    </div>
  )
}

function Block({ block }: { block: string }) {
  const lines = block.split('\n')
  const heading = /^(#{1,4}) (.*)$/.exec(lines[0] ?? '')
  if (heading) {
    const Tag = heading[1]!.length <= 2 ? 'h2' : 'h3'
    const rest = lines.slice(1).join('\n')
    return (
      <>
        <Tag>{heading[2]}</Tag>
        {rest === '' ? null : <Block block={rest} />}
      </>
    )
  }
  if (lines.every((line) => line.startsWith('|'))) return <TableBlock lines={lines} />
  if (lines.every((line) => /^([-*]|\d+\.) |^ +/.test(line))) return <ListBlock lines={lines} />
  return <p>{inline(lines.join(' '))}</p>
}

function ListBlock({ lines }: { lines: readonly string[] }) {
  const items: string[] = []
  for (const line of lines) {
    const start = /^(?:[-*]|\d+\.) (.*)$/.exec(line)
    if (start) items.push(start[1]!)
    else items[items.length - 1] = `${items.at(-1) ?? ''} ${line.trim()}`
  }
  const Tag = /^\d/.test(lines[0] ?? '') ? 'ol' : 'ul'
  return (
    <Tag>
      {items.map((item) => (
        <li key={item}>{inline(item)}</li>
      ))}
    </Tag>
  )
}

function TableBlock({ lines }: { lines: readonly string[] }) {
  const cells = (line: string) =>
    line
      .replace(/^\||\|$/g, '')
      .split('|')
      .map((cell) => cell.trim())
  const [head, ...rest] = lines.filter((line) => !/^[|\s:-]+$/.test(line)).map(cells)
  return (
    <div className="scroll">
      <table>
        <thead>
          <tr>
            {head?.map((cell) => (
              <th key={cell} scope="col">
                {cell}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rest.map((row) => (
            <tr key={row.join('|')}>
              {row.map((cell, i) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a cell's column is its name
                <td key={i}>{inline(cell)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function inline(text: string): ReactNode[] {
  const parts = text.split(/(\*\*[^*]+\*\*|`[^`]+`)/)
  return parts.map((part, position) => {
    const key = `${position}:${part}`
    if (part.startsWith('**')) return <b key={key}>{part.slice(2, -2)}</b>
    if (part.startsWith('`')) return <code key={key}>{part.slice(1, -1)}</code>
    return part
  })
}
