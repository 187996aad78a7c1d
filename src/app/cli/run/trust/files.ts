/** Small files that a ceremony goes by, and the signers that a call names. */
import type { SigningKey } from '../../../../certificate/index.ts'
import { loadSigner } from '../../../keys/load-signer.ts'
import { readBounded } from '../../../read-bounded.ts'
import { callContext } from '../../call-context.ts'
import { usageFault, type CommandCall } from '../../command.ts'

const LARGEST = 16 * 1024 * 1024

/** Reads a file. @throws Fault `no-such-file` */
export function readSmall(path: string): Buffer {
  return readBounded(path, LARGEST)
}

/** The PEM of an option that has to be there. @throws Fault `usage`, `no-such-file` */
export function readPemOption(call: CommandCall, name: string): string {
  const path = call.value(name)
  if (path === undefined) throw usageFault(`--${name} is wanted`)
  return readSmall(path).toString('utf8')
}

/** The signer that the option names, else the one of the settings. */
export function openSigner(call: CommandCall, uri: string | undefined): Promise<SigningKey> {
  const { settings, places, environment } = callContext(call)
  return loadSigner({ settings: { signer: uri ?? settings.signer }, places, environment })
}
