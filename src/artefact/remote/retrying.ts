/**
 * Trying again, within bounds.
 *
 * A server that is busy or failed, a connection that was cut, silence: tried again after 1, 2, 4 … 30 s, or after
 * what the server asks for, five times without progress and then no more. What will not change by waiting (a missing
 * file, a refusal, wrong bytes, a full disk) is never tried again.
 */
import { Fault, isFault } from '../../base/index.ts'
import type { Wire } from './wire.ts'

const TRANSIENT = new Set(['remote-busy', 'remote-unreachable', 'remote-stalled', 'remote-cut', 'remote-range'])
const TRANSIENT_STATUS = new Set([408, 425, 429, 500, 502, 503, 504])
const MAX_TRIES = 5
const FIRST_WAIT = 1000
const LONGEST_WAIT = 30_000
/** The longest wait, in milliseconds, that a server may ask for. */
const LONGEST_ASKED = 10 * 60_000
/** Bytes that count as progress: enough that a server cannot keep us for ever. */
const PROGRESS = 1024 * 1024

function isTransient(fault: Fault): boolean {
  return TRANSIENT.has(fault.code) || TRANSIENT_STATUS.has(Number(fault.details['status']))
}

function waitFor(fault: Fault, tries: number): number {
  const asked = fault.details['retryAfter']
  return typeof asked === 'number' ? asked : Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (tries - 1))
}

async function pause(wire: Wire, ms: number): Promise<void> {
  try {
    await wire.sleep(ms, wire.signal)
  } catch (cause) {
    throw new Fault('aborted', 'stopped before it was done', { cause })
  }
}

/**
 * Calls `attempt` until it succeeds or trying again makes no sense.
 *
 * @param progress bytes that are safe so far; each further MiB gives five new tries
 * @throws Fault of the last attempt
 */
export async function retrying<Value>(
  wire: Wire,
  attempt: () => Promise<Value>,
  progress: () => number = () => 0,
): Promise<Value> {
  let reached = progress()
  for (let tries = 1; ; tries++) {
    try {
      return await attempt()
    } catch (thrown) {
      if (!isFault(thrown) || !isTransient(thrown)) throw thrown
      if (progress() >= reached + PROGRESS) {
        reached = progress()
        tries = 1
      }
      const wait = waitFor(thrown, tries)
      if (tries >= MAX_TRIES) throw new Fault(thrown.code, `${thrown.message}; tried ${tries} times`, thrown)
      if (wait > LONGEST_ASKED) {
        throw new Fault(thrown.code, `${thrown.message}; it asks to wait ${Math.round(wait / 60_000)} minutes`, thrown)
      }
      wire.log.info({ code: thrown.code, tries, wait }, 'remote.try-again')
      await pause(wire, wait)
    }
  }
}
