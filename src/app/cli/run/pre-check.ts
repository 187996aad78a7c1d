/** The run of `tidewaiter verify --precheck`: what was signed against what a hub lists, before anything is downloaded. */
import { listRemote } from '../../../artefact/index.ts'
import { Fault, showUnseen } from '../../../base/index.ts'
import { isUnder, openManifest } from '../../../certificate/index.ts'
import type { VerificationReport } from '../../../verify.ts'
import type { Context } from '../../context.ts'
import { findBlockLists } from '../../manifest/certificate-blocks.ts'
import { preCheck, type PreCheck, type SignedFile } from '../../manifest/pre-check.ts'
import { wantsJson } from '../call-context.ts'
import { usageFault, type CommandCall } from '../command.ts'

/** What was verified, without an artefact. */
export interface VerifiedBundle {
  readonly path: string
  readonly bytes: Uint8Array
  readonly publicKeyPem: string
  readonly report: VerificationReport
}

/** Exit codes: a pre-check is never a pass. */
const CODES: Readonly<Record<PreCheck['verdict'], number>> = { fail: 1, partial: 5 }

interface Signed {
  readonly files: readonly SignedFile[]
  readonly ignored: readonly string[]
}

async function readSigned({ path, bytes, publicKeyPem, report }: VerifiedBundle, foreign: boolean): Promise<Signed> {
  if (report.statement?.clearance !== undefined) {
    const files = findBlockLists(path, report)
    if (files !== undefined) return { files, ignored: [] }
    throw new Fault(
      'no-block-lists',
      'the certificate lists no files, and its block lists (<digest>.blocks) do not lie beside it',
    )
  }
  const { manifest } = await openManifest(bytes, publicKeyPem, { foreign })
  if (manifest.method !== 'files' || manifest.hash !== 'sha256')
    throw new Fault('not-comparable', 'a hub names SHA-256 of whole files; this manifest is by others')
  return {
    files: manifest.resources.map(({ path: name, digest }) => ({ path: name, sha256: digest })),
    ignored: manifest.ignorePaths,
  }
}

function render({ ref, commit, files, verdict }: PreCheck): string {
  const lines = files.map(
    ({ path, outcome, message }) => `  ${outcome.padEnd(14)} ${showUnseen(path)}: ${showUnseen(message)}`,
  )
  const count = (wanted: string): number => files.filter(({ outcome }) => outcome === wanted).length
  const sum = `${count('agrees')} of ${files.length} files agree, ${count('disagrees')} disagree, ${count('not-checkable')} not checkable before download`
  const end =
    verdict === 'fail'
      ? `FAIL: ${sum}`
      : `PARTIAL (${count('agrees')} of ${files.length} files): ${sum}. Nothing was read: this is what the hub says.`
  return [`${showUnseen(ref)} at ${commit ?? 'no commit'}`, ...lines, '', end].join('\n')
}

/** Runs the pre-check of a bundle that was verified without an artefact; gives its exit code. */
export async function runPreCheck(call: CommandCall, context: Context, verified: VerifiedBundle): Promise<number> {
  const ref = call.value('artefact') ?? ''
  if (!ref.startsWith('hf:')) throw usageFault('--precheck wants --artefact hf:org/name[@revision]')
  const { environment, log, places } = context
  const { signal } = call
  const signed = await readSigned(verified, call.has('foreign'))
  const listing = await listRemote(ref, { cacheFolder: places.downloads, environment, log, signal })
  const ignored = new Set(signed.ignored)
  const result = preCheck(listing, signed.files, (path) => isUnder(path, ignored))
  call.terminal.print(wantsJson(call) ? JSON.stringify(result, null, 2) : render(result))
  return CODES[result.verdict]
}
