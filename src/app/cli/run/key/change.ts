/** `key add`, `key revoke`, `key quorum`: changes of the keyring. */
import {
  addKey,
  attestationType,
  readRoleKey,
  REVOCATIONS,
  revokeKey,
  ROLES,
  webCryptography,
  type Keyring,
  type Role,
  type RoleKey,
} from '../../../../certificate/index.ts'
import { writeKeyringFile } from '../../../keys/keyring-file.ts'
import { readBounded } from '../../../read-bounded.ts'
import { usageFault, type CommandCall } from '../../command.ts'
import { EXIT } from '../../exit-codes.ts'
import { openState, printState, readTimeOption, thisSecond, type KeyState } from './state.ts'
import { findOwnKey } from './show.ts'

const LARGEST_KEY = 64 * 1024

/** Reads a public key file. @throws Fault `no-such-file`, `key-unreadable` */
export function readPublicKeyFile(path: string): Promise<RoleKey> {
  return readRoleKey(readBounded(path, LARGEST_KEY).toString('utf8'), webCryptography)
}

function readRole(name: string | undefined): Role {
  const role = ROLES.find((one) => one === name)
  if (role === undefined) throw usageFault(`--role is "${name ?? ''}"; it can be ${ROLES.join(', ')}`)
  return role
}

/** The id of a key of the keyring, whole or by its first 8 digits or more. @throws Fault `usage` */
export function resolveKeyId({ keys }: Keyring, given: string): string {
  const found = /^[0-9a-f]{8,64}$/.test(given) ? keys.filter(({ keyId }) => keyId.startsWith(given)) : []
  const [key] = found
  if (key === undefined || found.length > 1)
    throw usageFault(`"${given}" names ${found.length} keys of the keyring; give the first 8 digits of one id or more`)
  return key.keyId
}

/** Writes the changed keyring and prints it. */
export async function keepState(call: CommandCall, state: KeyState, keyring: Keyring): Promise<number> {
  await writeKeyringFile(state.path, keyring)
  printState(call, { ...state, keyring }, await findOwnKey(state.context))
  return EXIT.done
}

function typeOf(name: string): string {
  return name.includes('/') ? name : attestationType(name)
}

/** `key add PEM`. */
export async function runAdd(call: CommandCall): Promise<number> {
  const state = await openState(call)
  const { keyId, pem, algorithm } = await readPublicKeyFile(call.positionals[0] ?? '')
  const [unit, until] = [call.value('unit'), readTimeOption(call, 'until')]
  const keyring = addKey(state.keyring, {
    keyId,
    publicKeyPem: pem,
    algorithm,
    role: readRole(call.value('role')),
    ...(unit === undefined ? {} : { unit }),
    predicateTypes: call.values('allow').map(typeOf),
    validFrom: readTimeOption(call, 'from') ?? thisSecond(),
    ...(until === undefined ? {} : { validUntil: until }),
  })
  return keepState(call, state, keyring)
}

/** `key revoke KEYID`. */
export async function runRevoke(call: CommandCall): Promise<number> {
  const state = await openState(call)
  const from = readTimeOption(call, 'from')
  if (from === undefined) throw usageFault('key revoke wants --from: what was signed then or later is void')
  const word = call.value('reason') ?? 'compromised'
  const reason = REVOCATIONS.find((one) => one === word)
  if (reason === undefined) throw usageFault(`--reason is "${word}"; it can be ${REVOCATIONS.join(' or ')}`)
  const keyId = resolveKeyId(state.keyring, call.positionals[0] ?? '')
  return keepState(call, state, revokeKey(state.keyring, keyId, { from, reason }))
}

/** `key quorum DECISION`. */
export async function runQuorum(call: CommandCall): Promise<number> {
  const state = await openState(call)
  const decision = call.positionals[0] ?? ''
  const threshold = Number(call.value('threshold'))
  if (!Number.isSafeInteger(threshold) || threshold < 2)
    throw usageFault(`--threshold is "${call.value('threshold') ?? ''}"; what bites takes 2 units or more`)
  const roles = call.values('role').map(readRole)
  const { keys, quorums } = state.keyring
  const others = quorums.filter((rule) => rule.decision !== decision)
  return keepState(call, state, { keys, quorums: [...others, { decision, threshold, roles }] })
}
