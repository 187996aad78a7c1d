/**
 * Publishes a log again and again, until it is told to stop.
 *
 * A publication that fails is said and tried again: a witness may be away for an hour. What can never get better (a log
 * that was rolled back, has forked, or whose tiles were changed) is said again and again too, since the log must not go
 * on as if nothing was.
 */
import { toFault, type Log } from '../../base/index.ts'
import type { TransparencyLog } from '../../log/index.ts'

/** How to go on. */
export interface PublishingOptions {
  /** From the beginning of one publication to that of the next. */
  readonly everyMs: number
  readonly now: () => number
  /** Waits; rejects when the signal is aborted. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<unknown>
  readonly log: Log
  readonly signal: AbortSignal
}

/** See the module. Resolves after the signal, when the last publication is done. */
export async function keepPublishing(transparency: TransparencyLog, options: PublishingOptions): Promise<void> {
  const { everyMs, now, sleep, log, signal } = options
  while (!signal.aborted) {
    const begun = now()
    try {
      await transparency.publish()
    } catch (thrown) {
      const { code, message } = toFault(thrown)
      log.error({ code, message, origin: transparency.origin }, 'log.not-published')
    }
    await sleep(Math.max(0, everyMs - (now() - begun)), signal).catch(() => undefined)
  }
}
