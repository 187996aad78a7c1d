/**
 * What it costs to ask the program something small, in processor time with all its children.
 *
 *     node bench/cli.ts [--runs 5] [--guard]
 *
 * The program is called as a user calls it, by `bin/tidewaiter`. Its code is in V8's compile cache after the first
 * call, which is not counted.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { printBars, type Bar } from './measuring/bars.ts'
import { measureChild } from './measuring/child.ts'

const ROOT = resolve(import.meta.dirname, '..')
const PROGRAM = join(ROOT, 'bin/tidewaiter')
const HELP_SECONDS = 0.15
const SMALL_SECONDS = 0.8
const COMMANDS = ['clear', 'inspect', 'fingerprint', 'compare', 'trace', 'verify', 'serve', 'config', 'doctor']

interface Call {
  readonly words: readonly string[]
  readonly most?: number
}

/** Mean over the runs: a tick of the kernel's clock is 10 ms, so one run says little. */
async function measure({ words, most }: Call, runs: number): Promise<Bar> {
  let cpu = 0
  await measureChild(PROGRAM, words, { cwd: ROOT })
  for (let run = 0; run < runs; run++) {
    const cost = await measureChild(PROGRAM, words, { cwd: ROOT })
    if (cost.status !== 0) throw new Error(`${words.join(' ')} ended with ${cost.status}: ${cost.stderr}`)
    cpu += cost.cpu / runs
  }
  const shown = words.filter((word) => !word.startsWith('--home') && !word.startsWith(tmpdir())).join(' ')
  return { what: `tidewaiter ${shown}`, measured: cpu, unit: 's', ...(most === undefined ? {} : { most }) }
}

const { values } = parseArgs({ options: { runs: { type: 'string', default: '5' }, guard: { type: 'boolean' } } })
const home = mkdtempSync(join(tmpdir(), 'tidewaiter-bench-'))
const calls: readonly Call[] = [
  { words: ['--help'], most: HELP_SECONDS },
  { words: ['--version'], most: HELP_SECONDS },
  ...COMMANDS.map((name) => ({ words: [name, '--help'], most: HELP_SECONDS })),
  { words: ['inspect', 'examples/oak-q40/oak-q40.gguf'], most: SMALL_SECONDS },
  { words: ['inspect', 'examples/oak'], most: SMALL_SECONDS },
  { words: ['compare', 'examples/oak', 'examples/oak-sft', '--home', home], most: SMALL_SECONDS },
  { words: ['compare', 'examples/oak', 'examples/oak-q40', '--home', home], most: SMALL_SECONDS },
  { words: ['fingerprint', 'examples/oak', '--out', join(home, 'oak.twf'), '--home', home] },
  { words: ['clear', 'examples/oak', '--home', home] },
]
try {
  const bars: Bar[] = []
  for (const call of calls) bars.push(await measure(call, Number(values.runs)))
  printBars('processor time of small calls, children included', bars)
} finally {
  rmSync(home, { recursive: true, force: true })
}
