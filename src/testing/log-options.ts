/** Options of logs in tests, and nothing else, so that a process that is to be killed starts fast. */
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { systemClock } from '../base/index.ts'
import type { KeySigner } from '../log/notes/signers.ts'
import { fileLock } from '../log/store/checkpoint-lock.ts'
import { DatabaseTiles } from '../log/store/database-tiles.ts'
import { FileTiles } from '../log/store/file-tiles.ts'
import type { LogOptions } from '../log/store/transparency-log.ts'
import type { Connection } from '../register/connect.ts'

/** What the options of a log in a test follow from. */
export interface LogPlace {
  readonly origin: string
  /** Tiles and lock lie here. */
  readonly folder: string
  readonly connection: Connection
  readonly signers: readonly KeySigner[]
  /** Tiles in files, not in the database. */
  readonly files: boolean
}

/** Options of a log. */
export function logOptions({ origin, folder, connection, signers, files }: LogPlace): LogOptions {
  const { database } = connection
  return {
    origin,
    database,
    store: (log) => (files ? new FileTiles(join(folder, origin)) : new DatabaseTiles(database, log)),
    signers,
    lock: fileLock(join(folder, `${origin}.sqlite`)),
    clock: systemClock,
    sleep: (ms, signal) => setTimeout(ms, undefined, { signal }),
  }
}
