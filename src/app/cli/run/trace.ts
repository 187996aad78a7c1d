/** The run of `tidewaiter trace`: which of many models does this one descend from? */
import { showUnseen } from '../../../base/index.ts'
import { formatLog10p, type TraceCandidate } from '../../../dossier/index.ts'
import { compareModels, firstAnswer } from '../../../lineage/index.ts'
import { ensureRemote, openFirstSide, type NamedFirstSide } from '../../clearance/first-side.ts'
import { openSide, sideFingerprint, type NamedSide } from '../../clearance/open-side.ts'
import type { OpenOptions } from '../../clearance/open-model.ts'
import { rankCandidates, traceRegister } from '../../clearance/trace-register.ts'
import { callContext, wantsJson } from '../call-context.ts'
import { usageFault, type CommandCall } from '../command.ts'
import { EXIT } from '../exit-codes.ts'

async function traceAgainst(
  subject: NamedSide,
  refs: readonly string[],
  options: OpenOptions,
): Promise<readonly TraceCandidate[]> {
  const { signal, terminal, context } = options
  const { threads } = context.settings
  const candidates: TraceCandidate[] = []
  for (const ref of refs) {
    const other = await openSide(ref, options)
    const stage = terminal.stage('compare')
    const comparison = await compareModels(subject.side, other.side, {
      signal,
      ...(threads === undefined ? {} : { threads }),
    })
    stage.done(`${ref}: ${comparison.verdict}`)
    candidates.push({ artefact: { ref, id: other.id }, standing: 'unknown', comparison })
  }
  return candidates
}

async function traceInRegister(subject: NamedSide, options: OpenOptions): Promise<readonly TraceCandidate[]> {
  const fingerprint = await sideFingerprint(subject.side, options)
  const { openRegister } = await import('../../../register/index.ts')
  const register = await openRegister(options.context.register)
  try {
    return (await traceRegister({ ...options, artefact: subject.id, fingerprint, register })).candidates
  } finally {
    await register.close()
  }
}

async function traceRemote(
  ref: string,
  against: readonly string[],
  options: OpenOptions,
): Promise<{ readonly subject: NamedFirstSide; readonly candidates: readonly TraceCandidate[] }> {
  if (against.length === 0) throw usageFault('trace --remote takes --against: fingerprints, models or tw1:…')
  const subject = await openFirstSide(ref, options)
  const candidates: TraceCandidate[] = []
  for (const other of against) {
    const side = await openFirstSide(other, options)
    ensureRemote([subject, side])
    const comparison = firstAnswer(subject.side, side.side)
    candidates.push({ artefact: { ref: other, id: side.id }, standing: 'unknown', comparison })
  }
  return { subject, candidates: rankCandidates(candidates) }
}

async function traceHere(
  ref: string,
  against: readonly string[],
  { options, registered }: { readonly options: OpenOptions; readonly registered: boolean },
): Promise<{ readonly subject: NamedSide; readonly candidates: readonly TraceCandidate[] }> {
  const subject = await openSide(ref, options)
  const given = await traceAgainst(subject, against, options)
  const known = against.length === 0 || registered ? await traceInRegister(subject, options) : []
  return { subject, candidates: rankCandidates([...given, ...known]) }
}

function toText(subject: Pick<NamedSide, 'ref'>, candidates: readonly TraceCandidate[]): string {
  const lines = candidates.map(
    ({ artefact, comparison }, index) =>
      `${String(index + 1).padStart(3)}. ${comparison.verdict.padEnd(18)} p ${formatLog10p(comparison.log10p).padEnd(11)} ${showUnseen(artefact.ref)}\n     ${showUnseen(comparison.reasons[0] ?? '')}`,
  )
  const end =
    candidates.length === 0
      ? ['nothing with anything to say; that is not proof of independence']
      : ['`tidewaiter compare` shows one of them in full.']
  return [`Trace of ${showUnseen(subject.ref)}, best first:`, ...lines, ...end].join('\n')
}

/** Runs the command; gives its exit code. */
export async function run(call: CommandCall): Promise<number> {
  const [ref = '', ...more] = call.positionals
  const { terminal, signal } = call
  const options = { context: callContext(call), terminal, signal, hfCache: call.has('hf-cache'), blocks: false }
  const against = [...call.values('against'), ...more]
  const { subject, candidates } = call.has('remote')
    ? await traceRemote(ref, against, options)
    : await traceHere(ref, against, { options, registered: call.has('registered') })
  if (wantsJson(call)) {
    const plain = candidates.map(({ artefact, comparison }) => ({ artefact, ...comparison }))
    terminal.print(
      JSON.stringify(
        { schema: 'tidewaiter/trace/v1', artefact: { ref: subject.ref, id: subject.id }, candidates: plain },
        null,
        2,
      ),
    )
  } else terminal.print(toText(subject, candidates))
  return EXIT.done
}
