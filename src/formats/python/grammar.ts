/**
 * The grammar of Python, as WebAssembly: loaded once a process, and only when there is Python to read.
 *
 * Loading has to wait for the compiler, so the first reader that wants the grammar throws `Pending` and is called again.
 * Both modules come from packages whose versions are pinned; nothing is fetched.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type * as TreeSitter from 'web-tree-sitter'
import { Pending } from '../pending.ts'

const require = createRequire(import.meta.url)

let parser: TreeSitter.Parser | undefined
let loading: Promise<void> | undefined

async function load(): Promise<void> {
  const { Parser, Language } = require('web-tree-sitter') as typeof TreeSitter
  await Parser.init({ wasmBinary: readFileSync(require.resolve('web-tree-sitter/web-tree-sitter.wasm')) })
  const grammar = readFileSync(require.resolve('tree-sitter-python/tree-sitter-python.wasm'))
  const made = new Parser()
  made.setLanguage(await Language.load(new Uint8Array(grammar)))
  parser = made
}

/** Loads the grammar, unless it is there already. */
export function loadGrammar(): Promise<void> {
  loading ??= load()
  return loading
}

/** Forgets a parser that has fallen over, so that the next one is made anew. */
export function forgetGrammar(): void {
  delete require.cache[require.resolve('web-tree-sitter')]
  parser = undefined
  loading = undefined
}

/** The parser. @throws Pending while the grammar is being loaded */
export function pythonParser(): TreeSitter.Parser {
  if (parser === undefined) throw new Pending(loadGrammar())
  return parser
}
