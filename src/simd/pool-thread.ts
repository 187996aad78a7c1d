/**
 * One worker thread of a pool, seen from outside: takes an order, gives an answer, or crashes.
 *
 * An idle thread does not keep the process alive.
 */
import { Worker } from 'node:worker_threads'
import { Fault } from '../base/index.ts'
import { releaseWindow } from './kernel-memory.ts'
import { shareKernels } from './kernels.ts'
import { reviveFault, type TaskAnswer, type TaskOrder } from './task.ts'

/** What becomes of one order. */
export interface OrderListener {
  progress(amount: number): void
  result(result: unknown): void
  fault(fault: Fault): void
}

const ENTRY = new URL(`worker${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url)

/** See the module. */
export class PoolThread {
  readonly #worker: Worker
  readonly #ended: Promise<void>
  #listener: OrderListener | undefined
  #error: unknown
  /** False once the thread has ended. */
  alive = true

  /** Starts a thread. @throws Fault `kernel-memory`; what `Worker` throws where threads are not allowed */
  constructor(onEnd: (thread: PoolThread) => void) {
    const share = shareKernels()
    this.#worker = new Worker(ENTRY, { workerData: share, name: 'tidewaiter-kernels' })
    this.#worker.unref()
    this.#worker.on('message', (message: TaskAnswer) => this.#take(message))
    this.#worker.on('error', (error: unknown) => void (this.#error = error))
    this.#ended = new Promise((resolve) => {
      this.#worker.on('exit', (code) => {
        this.alive = false
        releaseWindow(share.window)
        onEnd(this)
        this.#finish()?.fault(crashed(code, this.#error))
        resolve()
      })
    })
  }

  /** True when it can take an order. */
  get idle(): boolean {
    return this.alive && this.#listener === undefined
  }

  /** Gives an order; only when idle. What cannot be cloned comes back as a fault. */
  run(order: TaskOrder, listener: OrderListener): void {
    this.#listener = listener
    this.#worker.ref()
    try {
      this.#worker.postMessage(order)
    } catch (error) {
      this.#finish()
      listener.fault(new Fault('task-not-plain', 'the argument of a task cannot be cloned', { cause: error }))
    }
  }

  #take(message: TaskAnswer): void {
    if (message.kind === 'progress') this.#listener?.progress(message.amount)
    else if (message.kind === 'result') this.#finish()?.result(message.result)
    else this.#finish()?.fault(reviveFault(message.fault))
  }

  /** Ends the order that is being run and returns its listener. */
  #finish(): OrderListener | undefined {
    const listener = this.#listener
    this.#listener = undefined
    if (this.alive) this.#worker.unref()
    return listener
  }

  /** Ends the thread; an order that is being run comes back as a fault. */
  async end(): Promise<void> {
    await this.#worker.terminate()
    await this.#ended
  }
}

function crashed(code: number, error: unknown): Fault {
  const reason = error instanceof Error ? error.message : `it ended with code ${code}`
  return new Fault('worker-crashed', `a worker thread crashed: ${reason}`, { cause: error })
}
