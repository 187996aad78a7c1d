/** Files that the actions of `tidewaiter kit` read. */
import { decodeKit, type SecretKit } from '../../../../lineage/secret/index.ts'
import { readBounded } from '../../../read-bounded.ts'
import { usageFault, type CommandCall } from '../../command.ts'

/** The value of an option that the action cannot do without. @throws Fault `usage` */
export function requireOption(call: CommandCall, name: string): string {
  const value = call.value(name)
  if (value === undefined) throw usageFault(`this action needs --${name}`)
  return value
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
