/** A log of this installation: its keys, its tiles, its lock and its witnesses, put together by the settings. */
import { createPublicKey, hash } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { Fault, systemClock } from '../../base/index.ts'
import { findNoteKeys, keyHashInput, loadOrCreateNoteKeys, type NoteKeyFiles } from '../../certificate/index.ts'
import {
  cosigner,
  createLog,
  listLogs,
  noteSigner,
  openLog,
  type KeySigner,
  type LogOptions,
  type TransparencyLog,
} from '../../log/index.ts'
import type { Register } from '../../register/index.ts'
import type { Context } from '../context.ts'
import { lockPlace, tilesPlace } from './log-place.ts'
import { loadWitnesses } from './witnesses.ts'

/** An open log with what the world knows it by. */
export interface OpenedLog {
  readonly log: TransparencyLog
  /** 32 bytes: SHA-256 over origin and Ed25519 key. */
  readonly logId: Uint8Array
  /** The public keys as text: Ed25519, ML-DSA-44. */
  readonly vkeys: readonly string[]
  /** The Ed25519 key, for trusted roots. */
  readonly publicKeyPem: string
  /** The same, 32 bytes. */
  readonly publicKey: Uint8Array
}

const ORIGIN = /^[a-z0-9](?:[a-z0-9.-]{0,198}[a-z0-9])?$/

/** @throws Fault `bad-origin` unless it is a bare host name */
function ensureOrigin(origin: string): void {
  if (!ORIGIN.test(origin))
    throw new Fault('bad-origin', `"${origin.slice(0, 100)}" is no origin; it is a bare host name: 2026.log.example`)
}

/** Name of the files of the keys of a log. */
function keyName(origin: string): string {
  return `log.${origin}`
}

interface Assembled {
  readonly options: LogOptions
  readonly signers: readonly [KeySigner, KeySigner]
}

async function assemble(
  context: Context,
  register: Register,
  { origin, keys }: { readonly origin: string; readonly keys: NoteKeyFiles },
): Promise<Assembled> {
  const database = register.logDatabase
  const quantum = cosigner({ name: origin, privateKey: keys.mlDsa44, clock: systemClock })
  const own = noteSigner(origin, keys.ed25519)
  const policy = context.settings.logPolicy
  const witnesses = policy === undefined ? {} : await loadWitnesses(policy, own.key, context.log)
  const options: LogOptions = {
    origin,
    database,
    store: tilesPlace(context, database, origin),
    signers: [own, quantum],
    lock: lockPlace(context, origin),
    clock: systemClock,
    sleep: (ms, signal) => setTimeout(ms, undefined, { signal }),
    ...witnesses,
  }
  return { options, signers: [own, quantum] }
}

function toOpened(log: TransparencyLog, { signers }: Assembled, keys: NoteKeyFiles): OpenedLog {
  const logId = hash('sha256', keyHashInput(signers[0].key), 'buffer')
  const publicKeyPem = createPublicKey(keys.ed25519).export({ type: 'spki', format: 'pem' }).toString()
  const { publicKey } = signers[0].key
  return { log, logId, vkeys: signers.map(({ vkey }) => vkey), publicKeyPem, publicKey }
}

/** Makes a log, or opens it when it is there. @throws Fault `bad-origin`, those of keys, and like `createLog()` */
export async function initLog(context: Context, register: Register, origin: string): Promise<OpenedLog> {
  ensureOrigin(origin)
  const keys = await loadOrCreateNoteKeys(context.places.keys, keyName(origin))
  const assembled = await assemble(context, register, { origin, keys })
  return toOpened(await createLog(assembled.options), assembled, keys)
}

/**
 * Opens the log of an origin, or the newest of this register.
 *
 * @throws Fault `no-such-log`, `key-missing`, and like `openLog()`
 */
export async function openOwnLog(context: Context, register: Register, origin?: string): Promise<OpenedLog> {
  const known = await listLogs(register.logDatabase)
  const name = origin ?? known.at(-1)
  if (name === undefined) throw new Fault('no-such-log', 'this register has no log; `tidewaiter log init` makes one')
  if (!known.includes(name)) throw new Fault('no-such-log', `this register has no log "${name.slice(0, 100)}"`)
  const keys = await findNoteKeys(context.places.keys, keyName(name))
  const assembled = await assemble(context, register, { origin: name, keys })
  return toOpened(await openLog(assembled.options), assembled, keys)
}

/** The newest log of this register, when it has one. @throws Fault like {@link openOwnLog} */
export async function findOwnLog(context: Context, register: Register): Promise<OpenedLog | undefined> {
  return (await listLogs(register.logDatabase)).length === 0 ? undefined : openOwnLog(context, register)
}
