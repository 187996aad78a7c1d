/**
 * Snippets: a code block of README.md or docs/ that is marked `run` runs.
 *
 * ` ```ts run ` is a module that may import `tidewaiter` and its subpaths as a user would; ` ```sh run ` is a command in
 * the root of the checkout. Both must end with exit code 0. A `text` block that follows a shell block
 * at once is what it must print.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { PATIENCE, runProgram, type Checker, type Violation } from './checker.ts'
import { listFiles } from './sources.ts'

/** One fenced block of a page. */
export interface Block {
  readonly path: string
  /** Line of the opening fence, from 1. */
  readonly line: number
  /** What stands behind the fence: `ts run`. */
  readonly info: string
  readonly code: string
  /** Where the block ends; the next one follows at once when it opens within two lines. */
  readonly end: number
}

/** The fenced blocks of a page, in order. */
export function blocksOf(path: string, page: string): Block[] {
  const blocks: Block[] = []
  let open: { line: number; info: string; from: number } | undefined
  const lines = page.split('\n')
  for (const [index, line] of lines.entries()) {
    const fence = /^```(?<info>.*)$/.exec(line)
    if (!fence) continue
    if (open) {
      const code = lines.slice(open.from, index).join('\n')
      blocks.push({ path, line: open.line, info: open.info, code, end: index + 1 })
      open = undefined
    } else open = { line: index + 1, info: fence.groups?.['info'] ?? '', from: index + 1 }
  }
  return blocks
}

interface Entry {
  readonly default: string
}

function localise(root: string, code: string): string {
  const { exports = {} } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly exports?: Readonly<Record<string, Entry>>
  }
  return code.replaceAll(/(['"])tidewaiter(\/[\w-]+)?\1/g, (whole, _quote: string, subpath: string | undefined) => {
    const entry = exports[subpath === undefined ? '.' : `.${subpath}`]?.default
    if (entry === undefined) return whole
    return JSON.stringify(pathToFileURL(join(root, entry.replace('dist', 'src').replace(/\.js$/, '.ts'))).href)
  })
}

function commandOf(root: string, { info, code }: Block): readonly [string, readonly string[]] {
  if (info.startsWith('sh')) return ['bash', ['-euo', 'pipefail', '-c', code]]
  return [process.execPath, ['--input-type=module-typescript', '--eval', localise(root, code)]]
}

async function judge(root: string, block: Block, next: Block | undefined): Promise<Violation[]> {
  const [program, args] = commandOf(root, block)
  const { stdout, stderr, code } = await runProgram(program, args, { cwd: root, timeout: PATIENCE })
  const place = { path: block.path, line: block.line }
  if (code !== 0) return [{ ...place, message: `the block ends with ${code}: ${stderr.trim().slice(0, 300)}` }]
  const follows = next?.path === block.path && next.info.startsWith('text') && next.line <= block.end + 2
  if (!follows || next.code.trim() === stdout.trim()) return []
  return [
    { ...place, message: `the block prints ${JSON.stringify(stdout.trim().slice(0, 300))}, not what the page shows` },
  ]
}

/** See the module. */
export const snippets: Checker = {
  name: 'snippets',
  promise: 'code blocks marked run do run',
  async check(root) {
    const pages = ['README.md', 'CONTRIBUTING.md', ...listFiles(root, 'docs')].filter((path) => path.endsWith('.md'))
    const present = pages.filter((path) => existsSync(join(root, path)))
    const blocks = present.flatMap((path) => blocksOf(path, readFileSync(join(root, path), 'utf8')))
    const runs = blocks.flatMap((block, index) => {
      return /^(?:ts|sh) run\b/.test(block.info) ? [judge(root, block, blocks[index + 1])] : []
    })
    return { looked: present.length, violations: (await Promise.all(runs)).flat() }
  },
}
