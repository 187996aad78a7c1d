/** `key show`, `key make`, `key export-keyring`. */
import { writeKeyring } from '../../../../certificate/index.ts'
import type { Context } from '../../../context.ts'
import { writeKeyringFile } from '../../../keys/keyring-file.ts'
import { findSigner, makeSigner } from '../../../keys/load-signer.ts'
import type { CommandCall } from '../../command.ts'
import { EXIT } from '../../exit-codes.ts'
import { openState, printState, type OwnKey } from './state.ts'

/** The key of this installation, when it has one. */
export async function findOwnKey(context: Context): Promise<OwnKey | undefined> {
  return findSigner(context)
}

/** `key show`. */
export async function runShow(call: CommandCall): Promise<number> {
  const state = await openState(call)
  printState(call, state, await findOwnKey(state.context))
  return EXIT.done
}

/** `key make`. */
export async function runMake(call: CommandCall): Promise<number> {
  const state = await openState(call)
  printState(call, state, await makeSigner(state.context))
  return EXIT.done
}

/** `key export-keyring`. */
export async function runExport(call: CommandCall): Promise<number> {
  const { keyring } = await openState(call)
  const out = call.value('out')
  if (out === undefined) call.terminal.print(writeKeyring(keyring))
  else {
    await writeKeyringFile(out, keyring)
    call.terminal.note(`${out}: ${keyring.keys.length} keys`)
  }
  return EXIT.done
}
