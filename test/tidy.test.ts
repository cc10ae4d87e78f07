import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import {
  calledName,
  lineOf,
  type Node,
  ROOT,
  readSource,
  repositoryFiles,
  type Source,
  stringOf,
  walk,
} from './support/sources.ts'

/** Which rooms a room may lean on: only those in rows above its own (docs/architecture.md). */
const FLOORS: readonly (readonly string[])[] = [
  ['platform'],
  ['keys', 'calls'],
  ['ledger'],
  ['vault'],
  ['staff'],
  ['customers', 'intake', 'erasure', 'directory'],
  ['care', 'import'],
  ['trace', 'watch', 'crm'],
  ['lawful', 'incident'],
  ['my', 'transparency', 'find', 'steal'],
]
/** Files that decide: no clock, no chance, no input or output, or a rule could not be replayed. */
const PURE = [
  /^src\/[a-z]+\/rules\.ts$/,
  /^src\/care\/(mask|bill|headline|match|match-rules|grant-rules|replay|key-ask-rules|contact-rules|verification-rules)\.ts$/,
  /^src\/trace\/(cells|grid|read-list|align|evidence|collusion|observe|weigh|renderings|trace-list|say|view|span|paths)\.ts$/,
  /^src\/lawful\/(after-review|checks|clocks|command|filing-rules|noes|request|ruling|scope)\.ts$/,
  /^src\/incident\/(clocks|exposed|[a-z]+-rules|notice-draft|referral-pick|private-words)\.ts$/,
  /^src\/ledger\/(merkle|note|checkpoint|commitment|cosignature|trust-policy|tlog-proof|tiles|allowance)\.ts$/,
  /^src\/customers\/line-facts\.ts$/,
  /^src\/calls\/(codec|numbers|column-map|rating)\.ts$/,
  /^src\/watch\/(engine|evidence|judge|look|peers|read-ledger|reservoir|score-log|sentences)\.ts$/,
]
const BANNED_CALLS = ['Date.now', 'Math.random', 'Date', 'setTimeout', 'setInterval', 'fetch']
const BANNED_IMPORTS = [
  'node:fs',
  'node:fs/promises',
  'node:net',
  'node:http',
  'node:timers/promises',
  'pg',
  'kysely',
]
const LONGEST_FUNCTION_LINES = 70
/** What the rules above do not hold for, each with its reason. */
const EXCEPTIONS: readonly { rule: string; where: string; why: string }[] = []

const sources = repositoryFiles()
  .filter((path) => /^(src|demo)\/.*\.ts$/.test(path) && !path.endsWith('.d.ts'))
  .map(readSource)

test('rooms lean only on rooms below them', () => {
  const wrong = sources.flatMap((source) =>
    importsOf(source).flatMap(({ from, at }) => {
      const own = roomOf(source.path)
      const other = roomOf(resolveImport(source.path, from))
      if (own === null || other === null || own === other) return []
      return floorOf(other) < floorOf(own) ? [] : [`${source.path}:${at} (${own}) imports ${from} (${other})`]
    }),
  )
  assert.deepEqual(withoutExceptions('direction', wrong), [])
})

test('whoever makes leaks for a measurement knows nothing of how they are traced', () => {
  const wrong = repositoryFiles()
    .filter((path) => /^bench\/leaks\/.*\.ts$/.test(path))
    .map(readSource)
    .flatMap((source) => importsOf(source).map(({ from }) => resolveImport(source.path, from)))
    .filter((path) => path.startsWith('src/trace/') || path.startsWith('bench/trace'))
  assert.deepEqual(wrong, [])
})

test('files that decide touch no clock, no chance and no input or output', () => {
  const wrong = sources
    .filter((source) => PURE.some((pattern) => pattern.test(source.path)))
    .flatMap((source) => [...bannedCalls(source), ...bannedImports(source)])
  assert.deepEqual(withoutExceptions('pure', wrong), [])
})

test('whoever invents misuse knows nothing of how it is found', () => {
  const inventors = repositoryFiles().filter((path) => /^bench\/adversary\/.*\.ts$/.test(path))
  assert.ok(inventors.length >= 5)
  const wrong = inventors.map(readSource).flatMap((source) =>
    importsOf(source)
      .map(({ from, at }) => ({ to: resolveImport(source.path, from), at }))
      .filter(({ to }) => !to.startsWith('node:') && !to.startsWith('bench/adversary/'))
      .map(({ to, at }) => `${source.path}:${at} imports ${to}`),
  )
  assert.deepEqual(wrong, [])
})

test(`no function is longer than ${LONGEST_FUNCTION_LINES} lines`, () => {
  const wrong = sources.flatMap((source) =>
    [...walk(source.program)]
      .filter((node) => /^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(node.type))
      .map((node) => ({ first: lineOf(source, node.start), last: lineOf(source, node.end) }))
      .filter(({ first, last }) => last - first + 1 > LONGEST_FUNCTION_LINES)
      .map(({ first, last }) => `${source.path}:${first} has ${last - first + 1} lines`),
  )
  assert.deepEqual(withoutExceptions('length', wrong), [])
})

test('every exported function says what it does', () => {
  const wrong = sources.flatMap((source) =>
    exportedFunctions(source)
      .filter((node) => !hasDocstring(source, node))
      .map((node) => `${source.path}:${lineOf(source, node.start)}`),
  )
  assert.deepEqual(withoutExceptions('docstring', wrong), [])
})

test('every refusal a user can meet has its HTTP status', () => {
  const mapped = new Set(sources.flatMap(problemCodes))
  const wrong = sources.flatMap((source) =>
    [...walk(source.program)]
      .filter((node) => calledName(node) === 'refuse')
      .map((node) => ({ code: stringOf((node.arguments as Node[])[0]), at: lineOf(source, node.start) }))
      .filter(({ code }) => code !== null && !mapped.has(code))
      .map(({ code, at }) => `${source.path}:${at} refuses with ${code}, which is in no problems table`),
  )
  assert.deepEqual(withoutExceptions('refusals', wrong), [])
})

test('every route says who may call it and what it takes', () => {
  const wrong = sources.flatMap((source) =>
    routeCalls(source).flatMap((node) => {
      const text = source.text.slice(node.start, node.end)
      const where = `${source.path}:${lineOf(source, node.start)}`
      return [
        ...(/\baccess\b|\bconfig\b/.test(text) ? [] : [`${where} names no access rule`]),
        ...(/\bschema\b/.test(text) ? [] : [`${where} has no schema`]),
      ]
    }),
  )
  assert.deepEqual(withoutExceptions('routes', wrong), [])
})

test('no file names a package registry or a place on one machine', () => {
  const hosts = ['registry', 'npmjs'].join('.')
  const places = new RegExp(
    [hosts, '/home/[a-z]', '/Users/[A-Za-z]', '/work/[a-z]', 'deb\\.debian\\.org'].join('|'),
  )
  const wrong = repositoryFiles()
    .filter((path) => /\.(ts|tsx|mjs|js|json|md|sql|cedar|cedarschema|sh|yml|css|html)$|^\.npmrc$/.test(path))
    .filter((path) => path !== 'test/tidy.test.ts')
    .filter((path) => places.test(readFileSync(ROOT + path, 'utf8')))
  assert.deepEqual(wrong, [])
})

test('what the documents tell people to type exists', () => {
  const scripts = Object.keys(
    (JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8')) as { scripts: Record<string, string> }).scripts,
  )
  const commands = new Set(
    sources
      .filter((source) => source.path.startsWith('src/commands/') || source.path === 'src/main.ts')
      .flatMap((source) => [...source.text.matchAll(/\.command\('([a-z-]+)/g)].map((match) => match[1])),
  )
  const wrong = repositoryFiles()
    .filter((path) => path.endsWith('.md'))
    .flatMap((path) => {
      const text = readFileSync(ROOT + path, 'utf8')
      const npm = [...text.matchAll(/^\s*npm (?:run )?([a-z]+)/gm)].map((match) => match[1] ?? '')
      const npx = [...text.matchAll(/npx countersign ([a-z]+)/g)].map((match) => match[1] ?? '')
      return [
        ...npm
          .filter((name) => !['ci', 'install', ...scripts].includes(name))
          .map((name) => `${path}: npm ${name}`),
        ...npx.filter((name) => !commands.has(name)).map((name) => `${path}: npx countersign ${name}`),
      ]
    })
  assert.deepEqual(wrong, [])
})

test('every relative link in the documents leads somewhere', () => {
  const wrong = repositoryFiles()
    .filter((path) => path.endsWith('.md'))
    .flatMap((path) =>
      [...readFileSync(ROOT + path, 'utf8').matchAll(/\]\(([^)\s]+)\)/g)]
        .map((match) => (match[1] ?? '').replace(/#.*$/, ''))
        .filter((link) => link !== '' && !/^[a-z]+:/.test(link))
        .filter((link) => !existsSync(new URL(link, `file://${ROOT}${path}`)))
        .map((link) => `${path} links to ${link}`),
    )
  assert.deepEqual(wrong, [])
})

test('every setting is in docs/running.md, and every setting in the documents exists', () => {
  const config = readFileSync(`${ROOT}src/platform/config.ts`, 'utf8')
  const exist = new Set([...config.matchAll(/env\.(COUNTERSIGN_[A-Z_]+)/g)].map((match) => match[1] ?? ''))
  const running = settingsIn('docs/running.md')
  assert.deepEqual([...exist].filter((name) => !running.has(name)).sort(), [], 'not in docs/running.md')
  const wrong = repositoryFiles()
    .filter((path) => path.endsWith('.md'))
    .flatMap((path) =>
      [...settingsIn(path)].filter((name) => !exist.has(name)).map((name) => `${path}: ${name}`),
    )
  assert.deepEqual(wrong, [])
})

test('each of the four promises has tests that attack it', (t) => {
  const tests = repositoryFiles().filter((path) => path.endsWith('.test.ts'))
  const named = tests.flatMap((path) =>
    [...readFileSync(ROOT + path, 'utf8').matchAll(/test\(\s*[`'"](promise ([1-4]): [^`'"]+)/g)].map(
      (match) => ({
        promise: Number(match[2]),
        name: match[1] ?? '',
      }),
    ),
  )
  for (const promise of [1, 2, 3, 4]) {
    const own = named.filter((entry) => entry.promise === promise)
    for (const entry of own) t.diagnostic(entry.name)
    assert.ok(own.length >= 3, `promise ${promise} has ${own.length} tests named after it`)
  }
})

test('every exception is still needed', () => {
  assert.deepEqual(
    EXCEPTIONS.filter((exception) => exception.why.length < 20),
    [],
  )
})

function settingsIn(path: string): Set<string> {
  const text = readFileSync(ROOT + path, 'utf8')
  return new Set([...text.matchAll(/COUNTERSIGN_[A-Z_]*[A-Z]/g)].map((match) => match[0]))
}

function withoutExceptions(rule: string, wrong: string[]): string[] {
  const excepted = EXCEPTIONS.filter((exception) => exception.rule === rule)
  return wrong.filter((line) => !excepted.some((exception) => line.startsWith(exception.where)))
}

function importsOf(source: Source): { from: string; at: number }[] {
  return [...walk(source.program)]
    .filter((node) =>
      /^(ImportDeclaration|ExportNamedDeclaration|ExportAllDeclaration|ImportExpression)$/.test(node.type),
    )
    .map((node) => ({ from: stringOf(node.source), at: lineOf(source, node.start) }))
    .filter((found): found is { from: string; at: number } => found.from !== null)
}

function resolveImport(path: string, from: string): string {
  return from.startsWith('.') ? new URL(from, `file:///${path}`).pathname.slice(1) : from
}

function roomOf(path: string): string | null {
  const room = /^src\/([a-z]+)\//.exec(path)?.[1]
  return room === undefined || room === 'commands' ? null : room
}

function floorOf(room: string): number {
  const floor = FLOORS.findIndex((rooms) => rooms.includes(room))
  assert.notEqual(floor, -1, `src/${room} is on no floor: put it into FLOORS and docs/architecture.md`)
  return floor
}

function bannedCalls(source: Source): string[] {
  return [...walk(source.program)]
    .filter((node) => {
      const name = calledName(node)
      if (name === 'Date') return node.type === 'CallExpression' || (node.arguments as Node[]).length === 0
      return name !== null && BANNED_CALLS.includes(name)
    })
    .map((node) => `${source.path}:${lineOf(source, node.start)} calls ${calledName(node)}`)
}

function bannedImports(source: Source): string[] {
  return importsOf(source)
    .filter(({ from }) => BANNED_IMPORTS.includes(from))
    .map(({ from, at }) => `${source.path}:${at} imports ${from}`)
}

function exportedFunctions(source: Source): Node[] {
  return (source.program.body as Node[]).filter(
    (node) =>
      node.type === 'ExportNamedDeclaration' &&
      (node.declaration as Node | null)?.type === 'FunctionDeclaration',
  )
}

function hasDocstring(source: Source, node: Node): boolean {
  const before = source.comments.filter((comment) => comment.end <= node.start).at(-1)
  if (before === undefined || !before.value.startsWith('*')) return overloadBefore(source, node)
  return (
    source.text
      .slice(before.end, node.start)
      .replace(/\/\/[^\n]*\n/g, '')
      .trim() === '' || overloadBefore(source, node)
  )
}

/** A function's second signature shares the first one's words. */
function overloadBefore(source: Source, node: Node): boolean {
  const body = source.program.body as Node[]
  const name = ((node.declaration as Node).id as Node).name
  const before = body[body.indexOf(node) - 1]
  const declaration = before?.declaration as Node | null | undefined
  return declaration?.type === 'TSDeclareFunction' && (declaration.id as Node).name === name
}

function problemCodes(source: Source): string[] {
  return [...walk(source.program)]
    .filter((node) => node.type === 'VariableDeclarator' && /PROBLEMS$/.test(String((node.id as Node).name)))
    .flatMap((node) => [...walk(node)])
    .filter((node) => node.type === 'Property')
    .map((node) => stringOf(node.key) ?? String((node.key as Node).name))
}

function routeCalls(source: Source): Node[] {
  return [...walk(source.program)].filter((node) =>
    /^app\.(get|post|put|patch|delete)$/.test(calledName(node) ?? ''),
  )
}
