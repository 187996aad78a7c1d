/** The run of `tidewaiter trace`: which of many models does this one descend from? */
import { showUnseen, formatLog10p } from '../../../base/index.ts'
import { type TraceCandidate } from '../../../dossier/index.ts'
import { compareModels, firstAnswer } from '../../../lineage/index.ts'
import {
  attribute,
  declaredParents,
  weighDeclaration,
  type AttributedCandidate,
  type Attribution,
} from '../../../lineage/attribution/index.ts'
import { ensureRemote, openFirstSide, type NamedFirstSide } from '../../clearance/first-side.ts'
import { openSide, sideFingerprint, type NamedSide } from '../../clearance/open-side.ts'
import type { OpenOptions } from '../../clearance/open-model.ts'
import { rankCandidates, traceRegister } from '../../clearance/trace-register.ts'
import { renderAttribution } from '../attribution-text.ts'
import { callContext, wantsJson } from '../call-context.ts'
import { usageFault, type CommandCall } from '../command.ts'
import { EXIT } from '../exit-codes.ts'

async function traceAgainst(
  subject: NamedSide,
  refs: readonly string[],
  options: OpenOptions,
): Promise<{ readonly candidates: readonly TraceCandidate[]; readonly weighed: readonly AttributedCandidate[] }> {
  const { signal, terminal, context } = options
  const { threads } = context.settings
  const candidates: TraceCandidate[] = []
  const weighed: AttributedCandidate[] = []
  for (const ref of refs) {
    const other = await openSide(ref, options)
    const stage = terminal.stage('compare')
    const comparison = await compareModels(subject.side, other.side, {
      signal,
      ...(threads === undefined ? {} : { threads }),
    })
    stage.done(`${ref}: ${comparison.verdict}`)
    candidates.push({ artefact: { ref, id: other.id }, standing: 'unknown', comparison })
    if (!('fingerprint' in other.side)) weighed.push({ ref, side: other.side, comparison })
  }
  return { candidates, weighed }
}

/** What the weights of all candidates together say; null when the subject or all of them are fingerprints. */
function attributeTo(
  { side }: NamedSide,
  weighed: readonly AttributedCandidate[],
  { signal, terminal }: OpenOptions,
): Attribution | null {
  if ('fingerprint' in side || weighed.length === 0) return null
  const stage = terminal.stage('attribute')
  const attribution = attribute(side, weighed, { signal })
  stage.done(attribution.outcome)
  return attribution
}

function weighDeclared(
  { side }: NamedSide,
  candidates: readonly TraceCandidate[],
  attribution: Attribution,
): readonly string[] {
  if ('fingerprint' in side) return []
  const named = candidates.map(({ artefact: { ref }, comparison }) => ({ ref, comparison }))
  return weighDeclaration(declaredParents(side.facts), named, attribution)
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

/** What was traced, and found. */
interface Traced {
  readonly subject: NamedSide | NamedFirstSide
  readonly candidates: readonly TraceCandidate[]
  readonly attribution: Attribution | null
  readonly declaration: readonly string[]
}

async function traceRemote(ref: string, against: readonly string[], options: OpenOptions): Promise<Traced> {
  if (against.length === 0) throw usageFault('trace --remote takes --against: fingerprints, models or tw1:…')
  const subject = await openFirstSide(ref, options)
  const candidates: TraceCandidate[] = []
  for (const other of against) {
    const side = await openFirstSide(other, options)
    ensureRemote([subject, side])
    const comparison = firstAnswer(subject.side, side.side)
    candidates.push({ artefact: { ref: other, id: side.id }, standing: 'unknown', comparison })
  }
  return { subject, candidates: rankCandidates(candidates), attribution: null, declaration: [] }
}

async function traceHere(
  ref: string,
  against: readonly string[],
  { options, registered }: { readonly options: OpenOptions; readonly registered: boolean },
): Promise<Traced> {
  const subject = await openSide(ref, options)
  const { candidates: given, weighed } = await traceAgainst(subject, against, options)
  const known = against.length === 0 || registered ? await traceInRegister(subject, options) : []
  const attribution = attributeTo(subject, weighed, options)
  const candidates = rankCandidates([...given, ...known], attribution)
  const declaration = attribution === null ? [] : weighDeclared(subject, candidates, attribution)
  return { subject, candidates, attribution, declaration }
}

function toText({ subject, candidates, attribution, declaration }: Traced): string {
  const parents = attribution === null ? [] : renderAttribution(attribution, declaration)
  const lines = candidates.map(
    ({ artefact, comparison }, index) =>
      `${String(index + 1).padStart(3)}. ${comparison.verdict.padEnd(18)} p ${formatLog10p(comparison.log10p).padEnd(11)} ${showUnseen(artefact.ref)}\n     ${showUnseen(comparison.reasons[0] ?? '')}`,
  )
  const end =
    candidates.length === 0
      ? ['nothing with anything to say; that is not proof of independence']
      : ['`tidewaiter compare` shows one of them in full.']
  return [`Trace of ${showUnseen(subject.ref)}, best first:`, ...lines, ...parents, ...end].join('\n')
}

/** Runs the command; gives its exit code. */
export async function run(call: CommandCall): Promise<number> {
  const [ref = '', ...more] = call.positionals
  const { terminal, signal } = call
  const options = { context: callContext(call), terminal, signal, hfCache: call.has('hf-cache'), blocks: false }
  const against = [...call.values('against'), ...more]
  const traced = call.has('remote')
    ? await traceRemote(ref, against, options)
    : await traceHere(ref, against, { options, registered: call.has('registered') })
  if (wantsJson(call)) {
    const { subject, candidates, attribution, declaration } = traced
    const plain = candidates.map(({ artefact, comparison }) => ({ artefact, ...comparison }))
    const result = {
      schema: 'tidewaiter/trace/v1',
      artefact: { ref: subject.ref, id: subject.id },
      candidates: plain,
      ...(attribution === null ? {} : { attribution: { ...attribution, declaration } }),
    }
    terminal.print(JSON.stringify(result, null, 2))
  } else terminal.print(toText(traced))
  return EXIT.done
}
