/** The run of `tidewaiter sign`. */
import { join } from 'node:path'
import { showUnseen, systemClock } from '../../../base/index.ts'
import { originInside, type Publication } from '../../../certificate/index.ts'
import { takeIn } from '../../clearance/open-model.ts'
import { loadSigner } from '../../keys/load-signer.ts'
import { withPublication } from '../../log/lazy-publication.ts'
import { pathInside } from '../../manifest/at-hand.ts'
import { signModel, type SignedModel } from '../../manifest/sign-model.ts'
import { readBounded } from '../../read-bounded.ts'
import { writeWhole } from '../../write-whole.ts'
import { callContext, wantsJson } from '../call-context.ts'
import { usageFault, type CommandCall } from '../command.ts'
import { EXIT } from '../exit-codes.ts'

const UNITS: Readonly<Record<string, number>> = { '': 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 }
const LEAST_SHARD = 1024
const LARGEST_SIGNATURE = 64 * 1024 * 1024

function readSize(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const [, digits = '', unit = ''] = /^([1-9][0-9]{0,14})(KiB|MiB|GiB)?$/.exec(text) ?? []
  const size = Number(digits) * (UNITS[unit] ?? Number.NaN)
  if (!Number.isSafeInteger(size) || size < LEAST_SHARD)
    throw usageFault(`--shards is "${text}"; it takes at least ${LEAST_SHARD} bytes, such as 1000000000 or 64MiB`)
  return size
}

function render(path: string, { files, reused, root, keyId, bundle }: SignedModel): string {
  const read = reused === 0 ? 'all read' : `${reused} not read again, as they did not change`
  const origin = originInside(bundle)
  const logged = origin === undefined ? [] : [`  log   ${origin}, stamped`]
  return [`${showUnseen(path)}: ${files} files, ${read}`, `  root  ${root}`, `  key   ${keyId}`, ...logged].join('\n')
}

/** Runs the command; gives its exit code. */
export async function run(call: CommandCall): Promise<number> {
  const [ref = ''] = call.positionals
  const { terminal, signal } = call
  const shardSize = readSize(call.value('shards'))
  const incremental = call.value('incremental')
  if (shardSize !== undefined && incremental !== undefined)
    throw usageFault('--incremental is for whole files, not for --shards')
  const previous = incremental === undefined ? undefined : readBounded(incremental, LARGEST_SIGNATURE)
  const context = callContext(call)
  const out = call.value('out') ?? 'model.sig'
  const key = await loadSigner(context)
  const options = { context, terminal, signal, hfCache: call.has('hf-cache'), blocks: false }
  const sign = (publication?: Publication): Promise<SignedModel> =>
    signModel((known) => takeIn(ref, { ...options, known }), {
      signer: key,
      records: { folder: join(context.places.home, 'stat-records'), clock: systemClock },
      shardSize,
      previous,
      signature: pathInside(out, ref),
      publication,
      signal,
    })
  const signed = call.has('log') ? await withPublication(context, key, sign) : await sign()
  writeWhole(out, signed.bundle)
  const { files, reused, rehash, root, keyId, leafHash } = signed
  const result = {
    schema: 'tidewaiter/signature/v1',
    path: out,
    files,
    reused,
    rehash,
    root,
    keyId,
    leafHash,
    log: originInside(signed.bundle) ?? null,
  }
  terminal.print(wantsJson(call) ? JSON.stringify(result, null, 2) : render(out, signed))
  return EXIT.done
}
