/** The run of `tidewaiter fingerprint`: a small file that lets others test kinship without the weights. */
import { basename } from 'node:path'
import { sha256, formatBytes } from '../../../base/index.ts'
import { encodeFingerprint, fingerprintModel } from '../../../lineage/index.ts'
import { openModel } from '../../clearance/open-model.ts'
import { writeWhole } from '../../write-whole.ts'
import { callContext, wantsJson } from '../call-context.ts'
import type { CommandCall } from '../command.ts'
import { EXIT } from '../exit-codes.ts'

function defaultName(ref: string): string {
  return `${basename(ref.replace(/[@#?].*$/, '')).replace(/\.(safetensors|gguf)$/, '')}.twf`
}

/** Runs the command; gives its exit code. */
export async function run(call: CommandCall): Promise<number> {
  const [ref = ''] = call.positionals
  const { terminal, signal } = call
  const context = callContext(call)
  const { opened, facts } = await openModel(ref, {
    context,
    terminal,
    signal,
    hfCache: call.has('hf-cache'),
    blocks: false,
  })
  const stage = terminal.stage('weigh')
  const { threads } = context.settings
  const fingerprint = await fingerprintModel(opened, facts, {
    signal,
    onProgress: ({ done, total }) => stage.update(`${done} of ${total} tensors`),
    ...(threads === undefined ? {} : { threads }),
  })
  const bytes = encodeFingerprint(fingerprint)
  const path = call.value('out') ?? defaultName(ref)
  writeWhole(path, bytes)
  stage.done(`${formatBytes(bytes.length)} written`)
  const digest = sha256(bytes)
  const value = {
    schema: 'tidewaiter/fingerprint/v1',
    artefact: { ref, id: opened.artefact.id },
    path,
    size: bytes.length,
    sha256: digest,
  }
  terminal.print(
    wantsJson(call)
      ? JSON.stringify(value, null, 2)
      : `${path}  ${formatBytes(bytes.length)}  sha256 ${digest}\nmodel ${opened.artefact.id}`,
  )
  return EXIT.done
}
