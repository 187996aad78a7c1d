/** What `tidewaiter key` works on and prints: the own key and the keyring. */
import { formatTime, showUnseen, systemClock } from '../../../../base/index.ts'
import type { Keyring, KeyringKey } from '../../../../certificate/index.ts'
import type { Context } from '../../../context.ts'
import { EMPTY_KEYRING, keyringPath, readKeyringFile } from '../../../keys/keyring-file.ts'
import { callContext, wantsJson } from '../../call-context.ts'
import { usageFault, type CommandCall } from '../../command.ts'

/** See the module. */
export interface KeyState {
  readonly context: Context
  readonly path: string
  readonly keyring: Keyring
}

/** Reads the keyring that a call names; an empty one where there is none yet. */
export async function openState(call: CommandCall): Promise<KeyState> {
  const context = callContext(call)
  const path = call.value('keyring') ?? keyringPath(context.places.keys)
  return { context, path, keyring: (await readKeyringFile(path)) ?? EMPTY_KEYRING }
}

/** The time of an option, ms since 1970. @throws Fault `usage` */
export function readTimeOption(call: CommandCall, name: string): number | undefined {
  const text = call.value(name)
  if (text === undefined) return undefined
  const ms = Date.parse(text)
  if (!Number.isFinite(ms) || formatTime(ms) !== text)
    throw usageFault(`--${name} is "${text}"; it takes a time such as 2026-11-23T00:00:00Z`)
  return ms
}

/** The whole second that it is now. */
export function thisSecond(): number {
  return Math.floor(systemClock.now() / 1000) * 1000
}

function stateOf({ validFrom, validUntil = Infinity, revoked }: KeyringKey, now: number): string {
  if (revoked !== undefined) return 'revoked'
  if (now < validFrom) return 'not-yet-valid'
  return now > validUntil ? 'expired' : 'valid'
}

function describeKey(key: KeyringKey, now: number): object {
  const { keyId, role, unit, predicateTypes, validFrom, validUntil, revoked } = key
  return {
    keyId,
    role,
    ...(unit === undefined ? {} : { unit }),
    predicateTypes,
    validFrom: formatTime(validFrom),
    ...(validUntil === undefined ? {} : { validUntil: formatTime(validUntil) }),
    ...(revoked === undefined ? {} : { revoked: { from: formatTime(revoked.from), reason: revoked.reason } }),
    state: stateOf(key, now),
  }
}

function lineOf(key: KeyringKey, now: number): string {
  const { keyId, role, unit = '', validFrom, validUntil, revoked } = key
  const until = validUntil === undefined ? '' : ` until ${formatTime(validUntil)}`
  const end = revoked === undefined ? until : `, ${revoked.reason} from ${formatTime(revoked.from)}`
  return `  ${keyId.slice(0, 16)} ${role.padEnd(9)} ${unit.padEnd(12)} ${stateOf(key, now)}, from ${formatTime(validFrom)}${end}`
}

/** The own key, as far as it is known. */
export interface OwnKey {
  readonly keyId: string
  readonly publicKeyPath: string
}

/** Prints own key and keyring, as text or JSON. */
export function printState(call: CommandCall, { path, keyring }: KeyState, own: OwnKey | undefined): void {
  const now = systemClock.now()
  const { keys, quorums } = keyring
  if (wantsJson(call)) {
    const said = {
      schema: 'tidewaiter/keys/v1',
      own: own === undefined ? null : { keyId: own.keyId, publicKeyPath: own.publicKeyPath },
      keyring: path,
      keys: keys.map((key) => describeKey(key, now)),
      quorums,
    }
    call.terminal.print(JSON.stringify(said, null, 2))
    return
  }
  const mine =
    own === undefined
      ? 'This installation has no key yet; the first clearance makes it, or key make.'
      : `This installation signs with ${own.keyId}\n  (public key: ${own.publicKeyPath})`
  const agreed = quorums.map(({ decision, threshold, roles }) => {
    return `  ${showUnseen(decision)}: ${threshold} units, of ${roles.join(' or ')}`
  })
  const lines = [mine, '', `Keyring ${path}: ${keys.length} keys`, ...keys.map((key) => lineOf(key, now)), ...agreed]
  call.terminal.print(lines.join('\n'))
}
