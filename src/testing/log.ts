/**
 * Logs for tests: on the PostgreSQL of `DATABASE_URL` with files, else on PGlite alone, with keys made on the spot.
 */
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../base/index.ts'
import { cosigner, noteSigner, type KeySigner } from '../log/notes/signers.ts'
import type { LogOptions } from '../log/store/transparency-log.ts'
import { connect, type Connection } from '../register/connect.ts'
import { migrate } from '../register/migrate.ts'
import type { RegisterPlace } from '../register/index.ts'
import { logOptions } from './log-options.ts'
import { makePlace } from './register.ts'

/** Origin of the logs of tests. */
export const TEST_ORIGIN = '2026.log.example'

/** Signers with new keys: Ed25519 and ML-DSA-44, as a log has them. */
export function makeSigners(origin: string): readonly KeySigner[] {
  const ed25519 = generateKeyPairSync('ed25519').privateKey
  const mlDsa44: KeyObject = generateKeyPairSync('ml-dsa-44').privateKey
  return [noteSigner(origin, ed25519), cosigner({ name: origin, privateKey: mlDsa44, clock: systemClock })]
}

/** A database with the log's tables and a folder for tiles and locks; several logs may stand in it. */
export interface LogHome {
  readonly place: RegisterPlace
  readonly folder: string
  /** Options of the log of an origin. Its keys are made at the first call. */
  options(origin?: string): LogOptions
  signersOf(origin: string): readonly KeySigner[]
  readonly connection: Connection
  remove(): Promise<void>
}

/** Opens a database and brings it to this version. */
export async function openDatabase(place: RegisterPlace): Promise<Connection> {
  const connection = await connect(place)
  await migrate(connection.database)
  return connection
}

/** A new home. */
export async function makeLogHome(): Promise<LogHome> {
  const { place, remove } = await makePlace()
  const folder = mkdtempSync(join(tmpdir(), 'tidewaiter-log-'))
  const connection = await openDatabase(place)
  const signers = new Map<string, readonly KeySigner[]>()
  const signersOf = (origin: string): readonly KeySigner[] => {
    const made = signers.get(origin) ?? makeSigners(origin)
    signers.set(origin, made)
    return made
  }
  return {
    place,
    folder,
    connection,
    signersOf,
    options: (origin = TEST_ORIGIN) =>
      logOptions({ origin, folder, connection, signers: signersOf(origin), files: 'databaseUrl' in place }),
    remove: async () => {
      await connection.close()
      await remove()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** A leaf that says its number. */
export function numberedLeaf(number: number, length = 40): Uint8Array {
  const leaf = Buffer.alloc(length, '.')
  leaf.write(`leaf ${number}`)
  return leaf
}
