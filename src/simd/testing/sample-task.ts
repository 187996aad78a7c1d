/** A task for the tests of the pool: does what its argument says. */
import { readFileSync } from 'node:fs'
import { threadId } from 'node:worker_threads'
import { Fault, sha256 } from '../../base/index.ts'
import { toCanonicalBf16 } from '../canonical.ts'
import type { TaskContext } from '../task.ts'

/** What to do. */
export type SampleArgument =
  | { readonly kind: 'digest'; readonly path: string; readonly from: number; readonly to: number }
  | { readonly kind: 'thread' }
  | { readonly kind: 'fail'; readonly code: string }
  | { readonly kind: 'throw' }
  | { readonly kind: 'crash' }
  | { readonly kind: 'spin' }
  | { readonly kind: 'hang' }
  | { readonly kind: 'unclonable' }

function spin(listen: () => void): never {
  for (;;) listen()
}

/** See {@link SampleArgument}. */
export async function runTask(argument: SampleArgument, context: TaskContext): Promise<unknown> {
  switch (argument.kind) {
    case 'digest': {
      const bytes = readFileSync(argument.path).subarray(argument.from, argument.to)
      context.progress(bytes.length / 2)
      return sha256(new Uint8Array(toCanonicalBf16('BF16', bytes).buffer))
    }
    case 'thread':
      return threadId
    case 'fail':
      throw new Fault(argument.code, 'as told', { details: { told: true } })
    case 'throw':
      throw new TypeError('no fault of ours')
    case 'crash':
      return process.exit(3)
    case 'spin':
      return spin(() => context.throwIfCancelled())
    case 'hang':
      return spin(() => {})
    case 'unclonable':
      return () => {}
  }
}
