/** All that a log serves, on a server of its own or beside the register. */
import type { FastifyInstance } from 'fastify'
import type { TransparencyLog, Witness } from '../../log/index.ts'
import type { Clock } from '../../base/index.ts'
import { addLogEntries } from './log-entries.ts'
import { addLogTiles } from './log-tiles.ts'
import { addTimestamp, type Stamp } from './log-timestamp.ts'
import { addWitness } from './log-witness.ts'
import { RateLimiter, type RateLimit } from './rate-limit.ts'

/** A log that is served, and what stands beside it. */
export interface LogRoutes {
  readonly log: TransparencyLog
  /** 32 bytes: SHA-256 over origin and key of the log. */
  readonly logId: Uint8Array
  readonly clock: Clock
  /** Entries and timestamps that one address may ask for. */
  readonly limit: RateLimit
  readonly stamp?: Stamp
  readonly witness?: Witness
}

/** Entries and timestamps that one address may ask for, unless told. */
export const DEFAULT_LIMIT: RateLimit = { perSecond: 20, burst: 200 }

/** Adds the routes: the log at the root and, for clients of Rekor v2, below `/api/v2`; `/api/v1/timestamp`; a witness. */
export function addLogRoutes(server: FastifyInstance, { log, logId, clock, limit, stamp, witness }: LogRoutes): void {
  addLogTiles(server, log.store)
  void server.register(async (scope) => addLogTiles(scope, log.store), { prefix: '/api/v2' })
  addLogEntries(server, { log, logId, limiter: new RateLimiter(limit, clock) })
  if (stamp !== undefined) addTimestamp(server, { stamp, limiter: new RateLimiter(limit, clock) })
  if (witness !== undefined) addWitness(server, witness)
}
