/**
 * A pool of worker threads over the shared kernel memory.
 *
 * The unit of work is a task: a module and a plain argument. Results come back in the order of the tasks, and when
 * tasks fail, the fault is that of the first of them in this order: exactly as if the tasks had run one after the
 * other, whatever the number of threads. Little work is not worth a thread and runs where it is.
 *
 * Guarantee: a run settles exactly once; a crashed thread fails its task and is replaced; a cancelled run leaves no
 * task of it running.
 */
import { availableParallelism } from 'node:os'
import { setImmediate as yieldToEvents } from 'node:timers/promises'
import { Fault, toFault } from '../base/index.ts'
import { MAX_WINDOWS } from './kernel-memory.ts'
import { PoolThread } from './pool-thread.ts'
import { PoolRun, type Job } from './pool-run.ts'
import { cancelledFault, runOrder, type TaskRun } from './task.ts'

/** How large the pool is. */
export interface PoolOptions {
  /** Worker threads, at most 62; all processors when left out, 0 to run everything in the calling thread. */
  readonly threads?: number
}

/** A pool of worker threads. */
export interface WorkerPool {
  readonly threads: number
  /**
   * Runs the tasks and returns their results in the order of the tasks.
   *
   * @throws the Fault of the first task that failed; Fault `worker-crashed`, `cancelled`, `task-not-plain`
   */
  run<Argument, Result>(run: TaskRun<Argument>): Promise<Result[]>
  /** Ends the threads; later runs stay in the calling thread. Idle threads do not keep the process alive. */
  close(): Promise<void>
}

/** Work below which a thread costs more than it saves. */
const LEAST_COST = 16 * 1024 * 1024
/** Milliseconds that a cancelled task has to end by itself. */
const CANCEL_GRACE = 200

/**
 * The URL of a module beside the calling one, for `TaskRun.module`: `.ts` in a checkout, `.js` when built.
 *
 * @param caller `import.meta.url`
 * @param name without extension, such as `./fingerprint-task`
 * @example taskModule('file:///src/lineage/pair.ts', './task').href // 'file:///src/lineage/task.ts'
 */
export function taskModule(caller: string, name: string): URL {
  return new URL(`${name}${caller.endsWith('.ts') ? '.ts' : '.js'}`, caller)
}

/** Makes a pool. Threads start when first needed. */
export function createWorkerPool({ threads = availableParallelism() }: PoolOptions = {}): WorkerPool {
  return new ThreadPool(Math.max(0, Math.min(threads, MAX_WINDOWS - 1)))
}

class ThreadPool implements WorkerPool {
  readonly threads: number
  readonly #started = new Set<PoolThread>()
  readonly #queue: Job[] = []
  #closed = false

  constructor(threads: number) {
    this.threads = threads
  }

  async run<Argument, Result>(run: TaskRun<Argument>): Promise<Result[]> {
    const { module, tasks, cost = () => 1, onProgress } = run
    const costs = tasks.map((argument) => cost(argument))
    const started = new PoolRun({ module: module.href, tasks, costs, onProgress })
    if (run.signal?.aborted === true) throw cancelledFault()
    const small = run.cost !== undefined && started.total < LEAST_COST
    if (this.threads === 0 || small || !this.#canStart()) return (await runInline(started, run.signal)) as Result[]
    return (await this.#runInThreads(started, run.signal)) as Result[]
  }

  async close(): Promise<void> {
    this.#closed = true
    await Promise.all(Array.from(this.#started, (thread) => thread.end()))
  }

  /** True when there is a thread or one can be started; where threads are forbidden, everything runs inline. */
  #canStart(): boolean {
    return this.#started.size > 0 || this.#start() !== undefined
  }

  #start(): PoolThread | undefined {
    if (this.#closed) return undefined
    try {
      const thread = new PoolThread((ended) => {
        this.#started.delete(ended)
      })
      this.#started.add(thread)
      return thread
    } catch {
      return undefined
    }
  }

  async #runInThreads(run: PoolRun, signal: AbortSignal | undefined): Promise<unknown[]> {
    const cancel = (): void => void this.#cancel(run)
    signal?.addEventListener('abort', cancel, { once: true })
    try {
      this.#queue.push(...run.jobs())
      this.#dispatch()
      return await run.settled
    } finally {
      signal?.removeEventListener('abort', cancel)
    }
  }

  /** Gives jobs to idle threads, starting threads while there are more jobs than idle ones. */
  #dispatch(): void {
    while (this.#queue.length > 0) {
      const idle = [...this.#started].find((thread) => thread.idle)
      const thread = idle ?? (this.#started.size < this.threads ? this.#start() : undefined)
      if (thread === undefined) {
        if (this.#started.size === 0) this.#failAll()
        return
      }
      this.#give(thread, this.#queue.shift() as Job)
    }
  }

  #give(thread: PoolThread, { run, index, order }: Job): void {
    const next = (): void => {
      if (run.failedAt !== undefined) this.#drop(run, run.failedAt)
      this.#dispatch()
    }
    run.threads.add(thread)
    const leave = (): void => void run.threads.delete(thread)
    thread.run(order, {
      progress: (amount) => run.progress(index, amount),
      result: (result) => (leave(), run.succeed(index, result), next()),
      fault: (fault) => (leave(), run.fail(index, fault), next()),
    })
  }

  /** Takes the jobs of a run from number `from` on out of the queue. */
  #drop(run: PoolRun, from: number): void {
    const kept = this.#queue.filter((job) => job.run !== run || job.index < from)
    run.forget(this.#queue.length - kept.length)
    this.#queue.splice(0, this.#queue.length, ...kept)
  }

  #failAll(): void {
    const fault = new Fault('worker-crashed', 'no worker thread is left and none can be started')
    for (const { run, index } of this.#queue.splice(0)) run.fail(index, fault)
  }

  /** Asks the tasks of a run to stop and ends the threads of those that do not. */
  async #cancel(run: PoolRun): Promise<void> {
    run.cancel()
    this.#drop(run, 0)
    const stop = setTimeout(() => {
      for (const thread of run.threads) void thread.end()
    }, CANCEL_GRACE)
    await run.settled.catch(() => [])
    clearTimeout(stop)
  }
}

/** Runs the jobs one after the other in this thread. */
async function runInline(run: PoolRun, signal: AbortSignal | undefined): Promise<unknown[]> {
  const cancel = (): void => run.cancel()
  signal?.addEventListener('abort', cancel, { once: true })
  try {
    for (const { index, order } of run.jobsInOrder()) {
      if (index % 16 === 15) await yieldToEvents()
      try {
        run.succeed(index, await runOrder(order, (amount) => run.progress(index, amount)))
      } catch (error) {
        throw run.cancelled ? cancelledFault() : toFault(error)
      }
    }
    return run.results
  } finally {
    signal?.removeEventListener('abort', cancel)
  }
}
