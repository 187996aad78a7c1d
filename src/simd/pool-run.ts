/**
 * One run of a pool: its jobs, what has come of them, and when it is settled.
 */
import type { Fault } from '../base/index.ts'
import type { PoolThread } from './pool-thread.ts'
import { cancelledFault, type TaskOrder } from './task.ts'

/** One task of a run, in the queue of a pool. */
export interface Job {
  readonly run: PoolRun
  readonly index: number
  readonly order: TaskOrder
}

/** What a run is made of. */
export interface RunParts {
  /** URL of the module of the tasks. */
  readonly module: string
  readonly tasks: readonly unknown[]
  /** What each task costs. */
  readonly costs: readonly number[]
  readonly onProgress: ((done: number, total: number) => void) | undefined
}

/** See the module. */
export class PoolRun {
  /** Results by task; full when the run has succeeded. */
  readonly results: unknown[]
  /** Threads that are at work on a task of this run. */
  readonly threads = new Set<PoolThread>()
  /** Settles when no job is left: with the results, or with the fault of the first task in order that failed. */
  readonly settled: Promise<unknown[]>
  readonly #orders: readonly TaskOrder[]
  readonly #costs: readonly number[]
  readonly #reported: number[]
  readonly #onProgress: RunParts['onProgress']
  readonly #cancelled = new Int32Array(new SharedArrayBuffer(4))
  readonly #deferred = Promise.withResolvers<unknown[]>()
  #open: number
  #failure: { readonly index: number; readonly fault: Fault } | undefined

  constructor({ module, tasks, costs, onProgress }: RunParts) {
    this.#orders = tasks.map((argument) => ({ module, argument, cancelled: this.#cancelled }))
    this.#costs = costs
    this.#reported = tasks.map(() => 0)
    this.#onProgress = onProgress
    this.results = Array.from({ length: tasks.length })
    this.settled = this.#deferred.promise
    this.settled.catch(() => {})
    this.#open = tasks.length
    if (tasks.length === 0) this.#deferred.resolve([])
  }

  /** Costs of all tasks together. */
  get total(): number {
    return this.#costs.reduce((sum, cost) => sum + cost, 0)
  }

  /** True once the run was cancelled. */
  get cancelled(): boolean {
    return Atomics.load(this.#cancelled, 0) !== 0
  }

  /** Number of the first task in order that has failed so far; tasks after it need not run. */
  get failedAt(): number | undefined {
    return this.#failure?.index
  }

  /** The jobs in the order of the tasks. */
  jobsInOrder(): Job[] {
    return this.#orders.map((order, index) => ({ run: this, index, order }))
  }

  /** The jobs, the dearest first, so that no thread is left with a long one at the end. */
  jobs(): Job[] {
    return this.jobsInOrder().sort((a, b) => (this.#costs[b.index] as number) - (this.#costs[a.index] as number))
  }

  /** Notes work that a task reports, up to its cost. */
  progress(index: number, amount: number): void {
    const cost = this.#costs[index] as number
    this.#reported[index] = Math.min(cost, (this.#reported[index] as number) + amount)
    this.#onProgress?.(
      this.#reported.reduce((sum, reported) => sum + reported, 0),
      this.total,
    )
  }

  /** Notes the result of a task. */
  succeed(index: number, result: unknown): void {
    this.results[index] = result
    this.progress(index, Infinity)
    this.forget(1)
  }

  /** Notes that a task failed. */
  fail(index: number, fault: Fault): void {
    if (this.#failure === undefined || index < this.#failure.index) this.#failure = { index, fault }
    this.forget(1)
  }

  /** Notes that so many jobs need no more be waited for. */
  forget(jobs: number): void {
    this.#open -= jobs
    if (this.#open > 0) return
    if (this.cancelled) this.#deferred.reject(cancelledFault())
    else if (this.#failure !== undefined) this.#deferred.reject(this.#failure.fault)
    else this.#deferred.resolve(this.results)
  }

  /** Tells the tasks to stop. */
  cancel(): void {
    Atomics.store(this.#cancelled, 0, 1)
  }
}
