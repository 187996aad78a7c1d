/** Small files that a ceremony goes by, and the signers that a call names. */
import { readFileSync } from 'node:fs'
import { Fault, toFault } from '../../../../base/index.ts'
import type { SigningKey } from '../../../../certificate/index.ts'
import { loadSigner } from '../../../keys/load-signer.ts'
import { callContext } from '../../call-context.ts'
import { usageFault, type CommandCall } from '../../command.ts'

const LARGEST = 16 * 1024 * 1024

/** Reads a file. @throws Fault `no-such-file` */
export function readSmall(path: string): Buffer {
  try {
    const bytes = readFileSync(path)
    if (bytes.length > LARGEST) throw new Error(`${bytes.length} bytes; at most ${LARGEST}`)
    return bytes
  } catch (cause) {
    throw new Fault('no-such-file', `${path} cannot be read: ${toFault(cause).message}`, { cause })
  }
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
