/** `key rotate`: the next key is announced in the keyring before it signs. */
import { parseSignerUri, findKey, prepareRotation, rotateKey, type Keyring } from '../../../../certificate/index.ts'
import { usageFault, type CommandCall } from '../../command.ts'
import { EXIT } from '../../exit-codes.ts'
import { writeKeyringFile } from '../../../keys/keyring-file.ts'
import { findSigner } from '../../../keys/load-signer.ts'
import { keepState, readPublicKeyFile, resolveKeyId } from './change.ts'
import { openState, printState, readTimeOption, thisSecond, type KeyState } from './state.ts'

const DAY = 24 * 60 * 60 * 1000

function readOverlap(call: CommandCall): number {
  const days = Number(call.value('overlap') ?? '30')
  if (!Number.isSafeInteger(days) || days < 0 || days > 3650)
    throw usageFault(`--overlap is "${call.value('overlap')}"; it takes days, 0 to 3650`)
  return days * DAY
}

async function rotateListed(call: CommandCall, state: KeyState, next: string): Promise<number> {
  const [given] = call.positionals
  const own = given ?? (await findSigner(state.context))?.keyId
  if (own === undefined) throw usageFault('key rotate --next wants the id of the key that is replaced')
  const keyId = resolveKeyId(state.keyring, own)
  const { pem, algorithm, keyId: nextId } = await readPublicKeyFile(next)
  const at = readTimeOption(call, 'from') ?? thisSecond()
  const rotation = { keyId, next: { keyId: nextId, publicKeyPem: pem, algorithm }, at, overlap: readOverlap(call) }
  return keepState(call, state, rotateKey(state.keyring, rotation))
}

/** The keyring with the own key replaced; unchanged when the own key does not stand in it. */
function announce(keyring: Keyring, keyId: string, rotation: Omit<Parameters<typeof rotateKey>[1], 'keyId'>): Keyring {
  return keyring.keys.some((key) => key.keyId === keyId) ? rotateKey(keyring, { keyId, ...rotation }) : keyring
}

async function rotateOwn(call: CommandCall, state: KeyState): Promise<number> {
  const { settings, places } = state.context
  const uri = parseSignerUri(settings.signer)
  if (uri.kind !== 'file')
    throw usageFault(`the signer is a ${uri.kind}; make the next key there and give its public key by --next`)
  const keys = uri.folder ?? places.keys
  if (call.value('from') !== undefined) throw usageFault('a key in a file takes over at once; --from goes with --next')
  const [at, overlap] = [thisSecond(), readOverlap(call)]
  const prepared = await prepareRotation(keys)
  const next = { keyId: prepared.keyId, publicKeyPem: prepared.publicKeyPem, algorithm: 'ecdsa-p256' } as const
  let keyring: Keyring
  try {
    keyring = announce(state.keyring, prepared.old.keyId, { next, at, overlap })
    if (keyring !== state.keyring) await writeKeyringFile(state.path, keyring)
  } catch (thrown) {
    await prepared.discard()
    throw thrown
  }
  const kept = await prepared.commit()
  call.terminal.note(`the old key lies in ${kept}; delete it when its overlap has ended`)
  printState(call, { ...state, keyring }, await findKey(keys))
  return EXIT.done
}

/** `key rotate [KEYID]`. */
export async function runRotate(call: CommandCall): Promise<number> {
  const state = await openState(call)
  const next = call.value('next')
  if (next !== undefined) return rotateListed(call, state, next)
  if (call.positionals.length > 0) throw usageFault('a key by its id is replaced by the one that --next gives')
  return rotateOwn(call, state)
}
