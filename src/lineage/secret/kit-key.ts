/**
 * The key of a registration, as the registry issues it and a vendor keeps it.
 *
 * It has two halves. The seed is of this registration alone and decides every draw, sign and mark of the kit. The
 * panel seed is the same for all registrations of a registry and decides the small panel by which two kits are held
 * against each other, which under two seeds would be impossible.
 */
import { z } from 'zod'
import { canonicalJson, Fault } from '../../base/index.ts'
import { keyCommitment, parseKey, type SecretKey } from './prf.ts'

/** See the module. */
export interface KitKey {
  readonly seed: SecretKey
  /** Null when the key was not issued by a registry. */
  readonly panel: SecretKey | null
}

const hex64 = z.string().regex(/^[0-9a-f]{64}$/)
const keySchema = z.strictObject({
  schema: z.literal('tidewaiter/kit-key/v1'),
  seed: hex64,
  panel: hex64.optional(),
})

/** Reads a key file: JSON as {@link writeKitKey} writes it, or 64 hex digits alone. @throws Fault `bad-key` */
export function parseKitKey(text: string): KitKey {
  if (!text.trimStart().startsWith('{')) return { seed: parseKey(text), panel: null }
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch (cause) {
    throw new Fault('bad-key', 'the key is no JSON', { cause })
  }
  const { success, data } = keySchema.safeParse(parsed)
  if (!success)
    throw new Fault('bad-key', 'not a key: it needs schema tidewaiter/kit-key/v1 and a seed of 64 hex digits')
  return { seed: parseKey(data.seed), panel: data.panel === undefined ? null : parseKey(data.panel) }
}

/** The key as a file. */
export function writeKitKey({ seed, panel }: KitKey): string {
  const hex = (key: SecretKey): string => Buffer.from(key).toString('hex')
  const file = { schema: 'tidewaiter/kit-key/v1', seed: hex(seed), panel: panel === null ? undefined : hex(panel) }
  return `${canonicalJson(file)}\n`
}

/** What the kit says of its keys. */
export function keyNames({ seed, panel }: KitKey): { readonly key: string; readonly panelKey: string | null } {
  return { key: keyCommitment(seed), panelKey: panel === null ? null : keyCommitment(panel) }
}
