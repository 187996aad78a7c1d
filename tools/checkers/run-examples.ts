/** The process in which {@link ../examples.ts} evaluates examples: a list of them in on stdin, violations out on stdout. */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { pathToFileURL } from 'node:url'
import { compileFunction } from 'node:vm'
import type { Violation } from './checker.ts'
import type { Example } from './examples.ts'

type Scope = Readonly<Record<string, unknown>>

function load(root: string, path: string): Promise<Scope> {
  if (!existsSync(join(root, path))) return Promise.resolve({})
  return import(pathToFileURL(join(root, path)).href) as Promise<Scope>
}

async function scopesOf(root: string, path: string): Promise<object[]> {
  const folder = /^src\/[^/]+\//.exec(path)?.[0]
  const wider = folder === undefined ? [] : ['src/base/index.ts', `${folder}index.ts`]
  return Promise.all([...wider, path].map((one) => load(root, one)))
}

function evaluate(expression: string, scopes: object[]): Promise<unknown> {
  const run = compileFunction(`return (async () => (${expression}))()`, [], { contextExtensions: scopes })
  return (run as () => Promise<unknown>)()
}

async function prove({ path, expression, expected = '' }: Example, root: string): Promise<void> {
  const scopes = await scopesOf(root, path)
  const code = /^throws (?<code>\S+)$/.exec(expected)?.groups?.['code']
  if (code === undefined) assert.deepStrictEqual(await evaluate(expression, scopes), await evaluate(expected, scopes))
  else await assert.rejects(evaluate(expression, scopes), { code })
}

async function judge(example: Example, root: string): Promise<Violation[]> {
  try {
    await prove(example, root)
    return []
  } catch (thrown) {
    const said = thrown instanceof Error ? thrown.message.replaceAll(/\s*\n\s*/g, ' ') : String(thrown)
    return [{ path: example.path, line: example.line, message: `the example ${example.expression} fails: ${said}` }]
  }
}

const { root, examples } = JSON.parse(await text(process.stdin)) as { root: string; examples: readonly Example[] }
const judged = await Promise.all(examples.map((example) => judge(example, root)))
process.stdout.write(JSON.stringify(judged.flat()))
