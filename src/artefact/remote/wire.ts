/** How this program speaks to others: what a download needs of the world, handed in and never taken. */
import { setTimeout } from 'node:timers/promises'
import { type Clock, type Log, silentLog, systemClock } from '../../base/index.ts'
import type { Fetch, OpenOptions } from '../open-options.ts'

/** A secret and the only origin (scheme, host and port) that may see it. */
export interface Credential {
  readonly origin: string
  /** Value of the `Authorization` header. */
  readonly header: string
}

/** See the module. */
export interface Wire {
  readonly fetch: Fetch
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>
  readonly clock: Clock
  readonly log: Log
  readonly signal: AbortSignal | undefined
  /** Milliseconds without a byte after which a request is given up. */
  readonly stallAfter: number
  readonly credential: Credential | undefined
  /** Asked before each request, redirects included. @throws Fault `remote-forbidden` for where nothing may be asked */
  readonly guard?: ((address: URL) => Promise<void>) | undefined
}

/** A wire over the machine's network, or over what the options put in its place. */
export function createWire(options: OpenOptions, credential?: Credential): Wire {
  return {
    fetch: options.fetch ?? ((url, init) => fetch(url, init)),
    sleep: options.sleep ?? (async (ms, signal) => setTimeout(ms, undefined, signal && { signal })),
    clock: options.clock ?? systemClock,
    log: options.log ?? silentLog,
    signal: options.signal,
    stallAfter: options.stallAfter ?? 60_000,
    credential,
    guard: options.guard,
  }
}
