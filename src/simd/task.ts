/**
 * Tasks: what a pool runs, in a worker or in the calling thread, with the same results.
 *
 * A task is a module that exports `runTask` and one plain argument; so it can be named across threads.
 */
import { Fault, toFault, type FaultDetails } from '../base/index.ts'

/** What a task sees of its run. */
export interface TaskContext {
  /** Reports work done, in the unit of `TaskRun.cost`. */
  progress(amount: number): void
  /** @throws Fault `cancelled` when the run was cancelled: for tasks that take long */
  throwIfCancelled(): void
}

/** What the module of a task exports. */
export interface TaskModule<Argument, Result> {
  runTask(argument: Argument, context: TaskContext): Result | Promise<Result>
}

/** A batch of like tasks. */
export interface TaskRun<Argument> {
  /** The module that runs them, from `taskModule`; it exports `runTask(argument, context)`. */
  readonly module: URL
  /** One structured-clonable argument a task. */
  readonly tasks: readonly Argument[]
  /** Size of a task in bytes of input: dear ones start first, and a batch below 16 MiB runs in the calling thread. */
  readonly cost?: (argument: Argument) => number
  /** Called as work is done: in units of `cost`, or in tasks when there is none. */
  readonly onProgress?: (done: number, total: number) => void
  /** Cancels the run. */
  readonly signal?: AbortSignal
}

/** A fault as plain data, which survives the way from one thread to another. */
export interface PlainFault {
  readonly code: string
  readonly message: string
  readonly details: FaultDetails
  readonly stack: string | undefined
}

/** What a worker is told. */
export interface TaskOrder {
  readonly module: string
  readonly argument: unknown
  /** A word that is not 0 once the run is cancelled. */
  readonly cancelled: Int32Array
}

/** What a worker answers: any number of `progress`, then one of the others. */
export type TaskAnswer =
  | { readonly kind: 'progress'; readonly amount: number }
  | { readonly kind: 'result'; readonly result: unknown }
  | { readonly kind: 'fault'; readonly fault: PlainFault }

/** Anything thrown, as plain data. */
export function flattenFault(thrown: unknown): PlainFault {
  const { code, message, details, stack } = toFault(thrown)
  return { code, message, details, stack }
}

/** The fault that was flattened. */
export function reviveFault({ code, message, details, stack }: PlainFault): Fault {
  const fault = new Fault(code, message, { details })
  if (stack !== undefined) fault.stack = stack
  return fault
}

/** The fault of a run that was cancelled. */
export function cancelledFault(): Fault {
  return new Fault('cancelled', 'the run was cancelled')
}

/** Runs one task in this thread. @throws what the task throws */
export async function runOrder(order: TaskOrder, progress: (amount: number) => void): Promise<unknown> {
  const { runTask } = (await import(order.module)) as TaskModule<unknown, unknown>
  const throwIfCancelled = (): void => {
    if (Atomics.load(order.cancelled, 0) !== 0) throw cancelledFault()
  }
  throwIfCancelled()
  return await runTask(order.argument, { progress, throwIfCancelled })
}
