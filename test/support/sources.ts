import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseSync } from 'vite'

/** The repository's top, with a trailing slash. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** A node of the syntax tree (ESTree): only what the checks look at. */
export interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly [field: string]: unknown
}

export interface Source {
  /** From the top: `src/ledger/note.ts`. */
  readonly path: string
  readonly text: string
  readonly program: Node
  readonly comments: readonly { start: number; end: number; value: string }[]
}

/** The files of the repository that git knows or would take. */
export function repositoryFiles(): string[] {
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
  })
  return listed.split('\n').filter((path) => path !== '')
}

/** A TypeScript file with its syntax tree. */
export function readSource(path: string): Source {
  const text = readFileSync(ROOT + path, 'utf8')
  const parsed = parseSync(path, text)
  return { path, text, program: parsed.program as unknown as Node, comments: parsed.comments }
}

/** Every node under `node`, itself first. */
export function* walk(node: Node): Generator<Node> {
  yield node
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) yield* walk(child)
  }
}

/** The line, from 1, at which `offset` lies. */
export function lineOf(source: Source, offset: number): number {
  return source.text.slice(0, offset).split('\n').length
}

/** The name that a call calls: `refuse`, `Date.now`; null for anything less plain. */
export function calledName(node: Node): string | null {
  const callee = node.callee
  if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return null
  if (!isNode(callee)) return null
  if (callee.type === 'Identifier') return String(callee.name)
  if (callee.type !== 'MemberExpression' || !isNode(callee.object) || !isNode(callee.property)) return null
  if (callee.object.type !== 'Identifier' || callee.property.type !== 'Identifier') return null
  return `${String(callee.object.name)}.${String(callee.property.name)}`
}

/** The text of a string literal, or null. */
export function stringOf(node: unknown): string | null {
  return isNode(node) && node.type === 'Literal' && typeof node.value === 'string' ? node.value : null
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string'
}
