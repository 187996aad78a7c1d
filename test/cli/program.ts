/** The real program as a child process, called as a user calls it, in an environment of which nothing is inherited. */
import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { join, resolve } from 'node:path'

/** Root of the checkout; references such as `examples/oak` are relative to it. */
export const ROOT = resolve(import.meta.dirname, '../..')

/** How a run ended and what it said. */
export interface Run {
  readonly status: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** How to run. */
export interface RunOptions {
  /** Variables beside those that every program needs. */
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
}

/** A run that goes on. */
export interface Running {
  readonly child: ChildProcess
  /** Resolves when stderr has matched. Never when it does not. */
  seen(pattern: RegExp): Promise<void>
  readonly ended: Promise<Run>
}

const KEPT = ['PATH', 'HOME', 'TMPDIR', 'LANG'] as const
/** A run that takes longer hangs, and is killed, so that the test fails instead of waiting. */
const LONGEST_MS = 120_000

/** Starts the program. */
export function startTidewaiter(words: readonly string[], { env = {}, cwd = ROOT }: RunOptions = {}): Running {
  const kept = Object.fromEntries(KEPT.map((name) => [name, process.env[name]]))
  const options = { cwd, env: { ...kept, ...env }, timeout: LONGEST_MS, killSignal: 'SIGKILL' } as const
  const child = spawn(join(ROOT, 'bin/tidewaiter'), words, options)
  let stdout = ''
  let stderr = ''
  const watchers = new Set<() => void>()
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
    for (const watcher of watchers) watcher()
  })
  const seen = (pattern: RegExp): Promise<void> =>
    new Promise((done) => {
      const look = () => pattern.test(stderr) && done()
      watchers.add(look)
      look()
    })
  const ended = new Promise<Run>((done) => {
    child.on('close', (status, signal) => done({ status, signal, stdout, stderr }))
  })
  return { child, seen, ended }
}

/** Runs the program to its end. */
export function runTidewaiter(words: readonly string[], options: RunOptions = {}): Promise<Run> {
  return startTidewaiter(words, options).ended
}

/** The result of a run with `--format json`. */
export function jsonOf({ stdout, stderr, status }: Run) {
  assert.notEqual(stdout, '', `nothing on stdout; exit code ${status}; stderr: ${stderr}`)
  return JSON.parse(stdout)
}

/** Holds a run to what every fault is: one line on stderr that names its code, an exit code, nothing on stdout. */
export function assertFault({ status, stdout, stderr }: Run, code: string | RegExp, exit = 1): void {
  const lines = stderr.split('\n').filter((line) => line !== '' && !/^[a-z]+ +.* \(\d+\.\d s\)$/.test(line))
  assert.equal(lines.length, 1, `one line is wanted: ${stderr}`)
  assert.match(lines[0] ?? '', /^tidewaiter: \S.{10,} \[[a-z0-9-]+\]$/)
  const found = /\[([a-z0-9-]+)\]$/.exec(lines[0] ?? '')?.[1] ?? ''
  assert.ok(typeof code === 'string' ? found === code : code.test(found), `the code is ${found}: ${lines[0]}`)
  assert.notEqual(found, 'internal')
  assert.equal(status, exit, stderr)
  assert.equal(stdout, '', 'a fault claims nothing on stdout')
}
