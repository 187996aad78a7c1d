/** `trust init`, `trust rotate`, `trust sign-root`: a root goes from plan to signatures, by files. */
import { Fault, systemClock } from '../../../../base/index.ts'
import { loadTuf, type RootState } from '../../../../certificate/index.ts'
import { writeWhole } from '../../../write-whole.ts'
import { wantsJson } from '../../call-context.ts'
import { usageFault, type CommandCall } from '../../command.ts'
import { EXIT } from '../../exit-codes.ts'
import { openSigner, readPemOption, readSmall } from './files.ts'

const DAY = 24 * 60 * 60 * 1000
const ONLINE = ['targets', 'snapshot', 'timestamp'] as const

function readCount(call: CommandCall, name: string, usual: number): number {
  const count = Number(call.value(name) ?? usual)
  if (!Number.isSafeInteger(count) || count < 1 || count > 3650)
    throw usageFault(`--${name} is "${call.value(name)}"; it takes 1 to 3650`)
  return count
}

function readExpiry(call: CommandCall): number {
  return systemClock.now() + readCount(call, 'days', 365) * DAY
}

function toText({ version, expires, threshold, digest, keys, signed }: RootState): string {
  const holders = keys.map((key) => `  ${signed.includes(key) ? 'signed ' : 'missing'} ${key}`)
  return [
    `Root ${version}, until ${expires}: ${signed.length} of ${keys.length} keyholders signed, ${threshold} must.`,
    ...holders,
    `Digest of what is signed: ${digest}`,
  ].join('\n')
}

function printRoot(call: CommandCall, path: string, state: RootState): number {
  const said = { schema: 'tidewaiter/trust-root/v1', path, ...state }
  call.terminal.print(wantsJson(call) ? JSON.stringify(said, null, 2) : toText(state))
  return EXIT.done
}

async function keepRoot(call: CommandCall, path: string, root: Uint8Array): Promise<number> {
  const { describeRoot } = await loadTuf()
  const state = describeRoot(root)
  writeWhole(path, root)
  return printRoot(call, path, state)
}

function readOut(call: CommandCall): string {
  const out = call.value('out')
  if (out === undefined) throw usageFault('--out is wanted: where to write the root')
  return out
}

/** `trust init`. */
export async function runInit(call: CommandCall): Promise<number> {
  const out = readOut(call)
  const { planRoot } = await loadTuf()
  const [targets, snapshot, timestamp] = ONLINE.map((role) => readPemOption(call, `${role}-key`))
  const root = call.values('root-key').map((path) => readSmall(path).toString('utf8'))
  const [threshold, expires] = [readCount(call, 'threshold', 3), readExpiry(call)]
  const plan = {
    root,
    threshold,
    targets: targets ?? '',
    snapshot: snapshot ?? '',
    timestamp: timestamp ?? '',
    expires,
  }
  return keepRoot(call, out, planRoot(plan))
}

/** `trust rotate ROOT`. */
export async function runRotate(call: CommandCall): Promise<number> {
  const out = readOut(call)
  const { planNextRoot } = await loadTuf()
  const named = ONLINE.filter((role) => call.value(`${role}-key`) !== undefined)
  const root = call.values('root-key').map((path) => readSmall(path).toString('utf8'))
  const change = {
    expires: readExpiry(call),
    ...Object.fromEntries(named.map((role) => [role, readPemOption(call, `${role}-key`)])),
    ...(root.length === 0 ? {} : { root }),
    ...(call.value('threshold') === undefined ? {} : { threshold: readCount(call, 'threshold', 3) }),
  }
  return keepRoot(call, out, planNextRoot(readSmall(call.positionals[0] ?? ''), change))
}

/** `trust sign-root ROOT`. */
export async function runSignRoot(call: CommandCall): Promise<number> {
  const [path = ''] = call.positionals
  const { describeRoot, signRoot } = await loadTuf()
  const [root, previous, digest] = [readSmall(path), call.value('previous'), call.value('digest')]
  const found = describeRoot(root).digest
  if (digest !== undefined && digest !== found)
    throw new Fault('tuf-digest', `${path} has the digest ${found}, not the one that was given; nothing was signed`)
  const signer = await openSigner(call, call.value('signer'))
  return keepRoot(call, path, await signRoot(root, signer, previous === undefined ? undefined : readSmall(previous)))
}

/** `trust show-root ROOT`. */
export async function runShowRoot(call: CommandCall): Promise<number> {
  const [path = ''] = call.positionals
  const { describeRoot } = await loadTuf()
  return printRoot(call, path, describeRoot(readSmall(path)))
}
