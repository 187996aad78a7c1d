/**
 * The timestamp authority of this installation: a key of its own below a root of its own, made with the first log.
 *
 * The root signs one certificate and can then be moved away. Serial numbers are random, 128 bits, so that nothing has to
 * be remembered and none comes twice.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Fault, systemClock, systemRandomness } from '../../base/index.ts'
import {
  encodeBase64,
  issueTimestamp,
  loadOrCreateKey,
  makeTimestampChain,
  refuseTimestamp,
  toHex,
} from '../../certificate/index.ts'
import type { Context } from '../context.ts'
import type { Stamp } from '../http/log-timestamp.ts'
import { writeWhole } from '../write-whole.ts'

const SERIAL_BYTES = 16
const BLOCK = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/g

/** Where the certificates of the authority lie: leaf and root, as PEM. */
export function stampChainPath({ places }: Context): string {
  return join(places.keys, 'tsa', 'chain.pem')
}

function toPem(certificate: Uint8Array): string {
  const lines = encodeBase64(certificate).match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}

/** Makes keys and certificates of the authority, unless they are there. @throws Fault those of keys */
export async function ensureStampChain(context: Context, name: string): Promise<void> {
  const path = stampChainPath(context)
  const leaf = await loadOrCreateKey(join(context.places.keys, 'tsa'))
  if (existsSync(path)) return
  const root = await loadOrCreateKey(join(context.places.keys, 'tsa-root'))
  const organization = context.settings.issuer ?? 'Tidewaiter'
  const chain = await makeTimestampChain({ root, leaf, organization, name, validFrom: systemClock.now() })
  writeWhole(path, chain.map(toPem).join(''))
}

function readChain(path: string): readonly Uint8Array[] {
  const chain = Array.from(readFileSync(path, 'utf8').matchAll(BLOCK), ([, body = '']) => Buffer.from(body, 'base64'))
  if (chain.length < 2) throw new Fault('certificate', `${path} is not the chain of a timestamp authority`)
  return chain
}

/** The authority, when it was made. Refuses by a reply what a client did wrong. @throws Fault `certificate`, those of keys */
export async function findStamp(context: Context): Promise<Stamp | undefined> {
  const path = stampChainPath(context)
  if (!existsSync(path)) return undefined
  const [key, chain] = [await loadOrCreateKey(join(context.places.keys, 'tsa')), readChain(path)]
  return async (request) => {
    const serial = BigInt(`0x${toHex(systemRandomness(SERIAL_BYTES))}`)
    try {
      return await issueTimestamp(request, { key, chain, now: systemClock.now(), serial })
    } catch (thrown) {
      const refusal = refuseTimestamp(thrown)
      if (refusal === undefined) throw thrown
      return refusal
    }
  }
}
