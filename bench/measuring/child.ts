/**
 * What a program cost: processor time with all its children, wall time and peak memory.
 *
 * Processor time of children that were waited for stands in `/proc/self/stat`, exact but in ticks of 10 ms, and a child
 * that ends without waiting for its own children loses theirs. So the tree is also watched every 10 ms, and the larger
 * of the two counts. Linux only. No wall time is a measure of effort on a shared machine; it is printed beside it.
 */
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** What a run cost and said. */
export interface ChildCost {
  /** Seconds of processor time, children and kernel included. */
  readonly cpu: number
  /** Seconds. */
  readonly wall: number
  /** Bytes: the largest sum of resident memory of all processes of the tree at one moment. */
  readonly peakMemory: number
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

const TICKS_PER_SECOND = 100
const WATCH_MS = 10

function readProc(path: string): string {
  try {
    return readFileSync(`/proc/${path}`, 'utf8')
  } catch {
    return ''
  }
}

/** Fields of `stat` after the name, which may hold spaces; `fields[0]` is the state. */
function statFields(pid: string): string[] {
  const text = readProc(`${pid}/stat`)
  return text.slice(text.lastIndexOf(')') + 2).split(' ')
}

function ticks(pid: string, [user, system]: readonly [number, number]): number {
  const fields = statFields(pid)
  return Number(fields[user] ?? 0) + Number(fields[system] ?? 0)
}

const OWN = [11, 12] as const
const REAPED = [13, 14] as const

function descendants(pid: string): string[] {
  const children = readProc(`${pid}/task/${pid}/children`).trim()
  return children === '' ? [] : children.split(' ').flatMap((child) => [child, ...descendants(child)])
}

function residentBytes(pid: string): number {
  return Number(readProc(`${pid}/statm`).split(' ')[1] ?? 0) * 4096
}

/** Watches a tree of processes until it is told to stop. */
function watchTree(pid: string): () => { readonly ticks: number; readonly peakMemory: number } {
  const seen = new Map<string, number>()
  let peakMemory = 0
  const look = (): void => {
    const tree = [pid, ...descendants(pid)]
    for (const each of tree) seen.set(each, Math.max(ticks(each, OWN), seen.get(each) ?? 0))
    peakMemory = Math.max(
      peakMemory,
      tree.reduce((sum, each) => sum + residentBytes(each), 0),
    )
  }
  const timer = setInterval(look, WATCH_MS)
  look()
  return () => {
    clearInterval(timer)
    return { ticks: [...seen.values()].reduce((sum, each) => sum + each, 0), peakMemory }
  }
}

/** Runs a program to its end. With `watch: false` only what the kernel counts is counted, and memory is 0. */
export async function measureChild(
  program: string,
  words: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv; readonly watch?: boolean } = {},
): Promise<ChildCost> {
  const { watch = true, ...rest } = options
  const before = ticks('self', REAPED)
  const begun = performance.now()
  const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'], ...rest })
  const stop = watch ? watchTree(String(child.pid)) : () => ({ ticks: 0, peakMemory: 0 })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  const status = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve(code))
  })
  const wall = (performance.now() - begun) / 1000
  const watched = stop()
  const cpu = Math.max(ticks('self', REAPED) - before, watched.ticks) / TICKS_PER_SECOND
  return { cpu, wall, peakMemory: watched.peakMemory, status, stdout, stderr }
}
