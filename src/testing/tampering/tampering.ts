/** What a tampering is: a name, what is done, and the reason for which it must be refused. */
import type { Tampered, World } from './world.ts'

/** See the module. */
export interface Tampering {
  readonly name: string
  /** Reason code of the refusal. */
  readonly code: string
  make(world: World): Tampered | Promise<Tampered>
}

/** One line of a catalogue: name, reason, and what is done; a bare text or bytes are the bundle. */
export function tampering(
  name: string,
  code: string,
  make: (world: World) => Tampered | string | Uint8Array | Promise<Tampered | string | Uint8Array>,
): Tampering {
  return {
    name,
    code,
    async make(world) {
      const made = await make(world)
      return typeof made === 'string' || made instanceof Uint8Array ? { bundle: made } : made
    },
  }
}
