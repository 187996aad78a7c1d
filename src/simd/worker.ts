/**
 * The thread of a pool: takes its window of the kernel memory, then runs one task after the other.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { joinKernels, type KernelShare } from './kernels.ts'
import { flattenFault, runOrder, type TaskAnswer, type TaskOrder } from './task.ts'

joinKernels(workerData as KernelShare)

function answer(message: TaskAnswer): void {
  parentPort?.postMessage(message)
}

async function handle(order: TaskOrder): Promise<void> {
  try {
    const result = await runOrder(order, (amount) => answer({ kind: 'progress', amount }))
    answer({ kind: 'result', result })
  } catch (error) {
    answer({ kind: 'fault', fault: flattenFault(error) })
  }
}

parentPort?.on('message', (order: TaskOrder) => void handle(order))
