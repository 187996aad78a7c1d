/**
 * Opens the public record of this installation: its log, its timestamp authority and what strangers trust them by.
 *
 * At the first run the log and the authority are made, and `trust/own/trusted_root.json` is written, the file that
 * `verify`, cosign and `@sigstore/verify` take. A log that is added later is added to it; what stands in it stays.
 */
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { encodeBase64, equalBytes, webCryptography, writeTrustedRoot } from '../../certificate/index.ts'
import type { OwnAuthority, Signer, TrustedRoot } from '../../certificate/index.ts'
import { systemClock } from '../../base/index.ts'
import type { Register } from '../../register/index.ts'
import { readTrustedRoot } from '../../verify.ts'
import type { Context } from '../context.ts'
import { ownRootPath } from '../trust/targets.ts'
import { writeWhole } from '../write-whole.ts'
import { whoMaySpeak } from './issuers.ts'
import { findOwnLog, initLog, type OpenedLog } from './open-log.ts'
import { describeLog, openOwnAuthority, stampBy } from './own-authority.ts'
import { PublicRecord } from './public-record.ts'

async function readOwnRoot(path: string): Promise<TrustedRoot> {
  if (!existsSync(path)) return { logs: [], timestampAuthorities: [] }
  return readTrustedRoot(readFileSync(path), webCryptography)
}

/** Adds log and authority to the file, unless they are in it. */
async function trustOwn(home: string, opened: OpenedLog, authority: OwnAuthority): Promise<void> {
  const { chain, validFrom } = authority
  const own = describeLog(opened, authority, `https://${opened.log.origin}`)
  const path = ownRootPath(home)
  const { logs, timestampAuthorities } = await readOwnRoot(path)
  const hasLog = logs.some((each) => each.origin === own.origin && equalBytes(each.publicKey, own.publicKey))
  const first = encodeBase64(chain[0] ?? new Uint8Array())
  const hasAuthority = timestampAuthorities.some((each) => encodeBase64(each.chain[0] ?? new Uint8Array()) === first)
  if (hasLog && hasAuthority) return
  const root = {
    logs: hasLog ? logs : [...logs, own],
    timestampAuthorities: hasAuthority
      ? timestampAuthorities
      : [...timestampAuthorities, { uri: '', chain, validFrom }],
  }
  mkdirSync(join(path, '..'), { recursive: true })
  writeWhole(path, await writeTrustedRoot(root, webCryptography))
}

/** Origin of a log that is made because none was: the year, and a name that no other host has. */
function defaultOrigin(now: number): string {
  return `${new Date(now).getUTCFullYear()}.log.tidewaiter.localhost`
}

/** Opens the record, and makes what is missing of it. @throws Fault those of log, keys and authority */
export async function openRecord(context: Context, register: Register, signer: Signer): Promise<PublicRecord> {
  const opened =
    (await findOwnLog(context, register)) ?? (await initLog(context, register, defaultOrigin(systemClock.now())))
  const authority = await openOwnAuthority(context)
  await trustOwn(context.places.home, opened, authority)
  const { log, logId } = opened
  const mayIssue = await whoMaySpeak(context)
  return new PublicRecord({ log, logId, stamp: stampBy(authority), signer, register, mayIssue })
}
