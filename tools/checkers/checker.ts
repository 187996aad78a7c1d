/**
 * What every checker is: a promise about the tree, and a function that finds where it is broken.
 *
 * A checker that looks at nothing reports nothing, and that reads like success (TypeScript 7 has no JavaScript API,
 * so several tools see an empty project and print "no violations"). So each says how much it looked at, zero is a
 * failure, and the test beside each plants a violation that must be reported.
 */
import { spawn } from 'node:child_process'
import { stripVTControlCharacters as plain } from 'node:util'
import { join, resolve } from 'node:path'

/** Where a promise is broken. */
export interface Violation {
  /** Relative to the root of the checkout. */
  readonly path: string
  /** From 1; absent when the file as a whole is meant. */
  readonly line?: number
  /** What is wrong and what to do. */
  readonly message: string
}

/** What one checker found. */
export interface Inspection {
  /** Files, symbols or blocks that were looked at; zero means that the checker itself is broken. */
  readonly looked: number
  readonly violations: readonly Violation[]
}

/** See the module. */
export interface Checker {
  /** Short and kebab-case; printed in front of each violation. */
  readonly name: string
  /** What it promises, for the table. */
  readonly promise: string
  /** @param root absolute path of the checkout to look at */
  check(root: string): Promise<Inspection>
}

/** What a program printed and how it ended. */
export interface Run {
  readonly stdout: string
  readonly stderr: string
  /** Exit code; null when a signal ended it. */
  readonly code: number | null
}

/** The checkout that these tools belong to. */
export const HOME = resolve(import.meta.dirname, '../..')

/** Milliseconds that a program may take: minutes, since the machine may be busy with other things. */
export const PATIENCE = 300_000

/** Where and how a program runs. */
export interface RunOptions {
  readonly cwd: string
  /** What it reads on stdin; nothing when absent. */
  readonly input?: string
  /** Milliseconds after which it is ended. */
  readonly timeout?: number
}

/** Runs a program to its end. Never throws for its exit code. */
export function runProgram(program: string, args: readonly string[], options: RunOptions): Promise<Run> {
  const { cwd, input = '', timeout } = options
  return new Promise((done, fail) => {
    const child = spawn(program, args, { cwd, ...(timeout === undefined ? {} : { timeout }) })
    let [stdout, stderr] = ['', '']
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    child.on('error', fail)
    child.on('close', (code) => done({ stdout: plain(stdout), stderr: plain(stderr), code }))
    child.stdin.on('error', () => {}).end(input)
  })
}

/** Runs one of the programs that the lockfile brought, such as `tsc`, in `root`, for at most {@link PATIENCE}. */
export function runTool(name: string, args: readonly string[], root: string): Promise<Run> {
  return runProgram(join(HOME, 'node_modules/.bin', name), args, { cwd: root, timeout: PATIENCE })
}

/** A violation that stands for a tool that failed in a way that its checker does not understand. */
export function toolFailure(tool: string, run: Run): Violation {
  const said = `${run.stdout}\n${run.stderr}`.trim().split('\n').slice(-5).join(' ')
  const end = run.code === null ? 'was ended by a signal or took too long' : `ended with ${run.code}`
  return { path: '.', message: `${tool} ${end}: ${said}` }
}
