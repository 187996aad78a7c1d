/** Files that the actions of `tidewaiter kit` read. */
import { readFileSync, statSync } from 'node:fs'
import { Fault, toFault } from '../../../../base/index.ts'
import { decodeKit, type SecretKit } from '../../../../lineage/secret/index.ts'
import { usageFault, type CommandCall } from '../../command.ts'

/** The value of an option that the action cannot do without. @throws Fault `usage` */
export function requireOption(call: CommandCall, name: string): string {
  const value = call.value(name)
  if (value === undefined) throw usageFault(`this action needs --${name}`)
  return value
}

/** Reads a file of bounded size. @throws Fault `no-such-file` */
export function readBounded(path: string, most: number): Uint8Array {
  try {
    const { size } = statSync(path)
    if (size > most) throw new Error(`${size} bytes; at most ${most}`)
    return readFileSync(path)
  } catch (cause) {
    throw new Fault('no-such-file', `${path} cannot be read: ${toFault(cause).message}`, { cause })
  }
}

/** A kit with the bytes that name it. */
export interface KitFileContent {
  readonly kit: SecretKit
  readonly bytes: Uint8Array
}

const LARGEST_KIT = 1 << 20

/** Reads a kit. @throws Fault `no-such-file`, `bad-kit` */
export function readKitFile(path: string): KitFileContent {
  const bytes = readBounded(path, LARGEST_KIT)
  return { kit: decodeKit(bytes), bytes }
}
