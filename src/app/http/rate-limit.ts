/**
 * How often one client may ask: a bucket that fills at a steady rate and is emptied by each request.
 *
 * Remembered are the clients of late alone, the longest silent forgotten first, so that a flood of addresses costs no
 * memory without end.
 */
import type { Clock } from '../../base/index.ts'

/** How many requests, and how many of them at once. */
export interface RateLimit {
  readonly perSecond: number
  readonly burst: number
}

interface Bucket {
  readonly left: number
  readonly at: number
}

const MOST_CLIENTS = 10_000

function groupsOf(part = ''): readonly string[] {
  return part === '' ? [] : part.split(':')
}

/** One client: an address of IPv4, or the network of 64 bits of which one subscriber has every address of IPv6. */
function clientOf(address: string): string {
  const [plain = ''] = address.split('%')
  if (!plain.includes(':') || plain.includes('.')) return plain.replace(/^::ffff:/i, '')
  const [head = '', tail] = plain.split('::')
  const [before, after] = [groupsOf(head), groupsOf(tail)]
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length)
  return [...before, ...Array<string>(zeros).fill('0'), ...after].slice(0, 4).join(':')
}

/** See the module. */
export class RateLimiter {
  readonly #limit: RateLimit
  readonly #clock: Clock
  readonly #buckets = new Map<string, Bucket>()

  constructor(limit: RateLimit, clock: Clock) {
    this.#limit = limit
    this.#clock = clock
  }

  /** Takes one request from the bucket of an address; 0 when there was one, else the seconds until there is. */
  take(address: string): number {
    const client = clientOf(address)
    const { perSecond, burst } = this.#limit
    const now = this.#clock.now()
    const before = this.#buckets.get(client) ?? { left: burst, at: now }
    const left = Math.min(burst, before.left + (Math.max(0, now - before.at) / 1000) * perSecond)
    const allowed = left >= 1
    this.#buckets.delete(client)
    this.#buckets.set(client, { left: allowed ? left - 1 : left, at: now })
    if (this.#buckets.size > MOST_CLIENTS) this.#buckets.delete(this.#buckets.keys().next().value ?? '')
    return allowed ? 0 : Math.ceil((1 - left) / perSecond)
  }
}
