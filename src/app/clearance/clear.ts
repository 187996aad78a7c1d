/**
 * Clearance: the whole way of one consignment through the customs house.
 *
 * Intake, open, audit, trace, decide, certify, register. Each stage takes plain values and gives plain values; what was
 * made of the bytes is kept until the end, so that an interrupted clearance goes on where it stopped. The decision is
 * entered and the folder published last, so that nothing half-done is ever on the record.
 */
import type { WatchedArtefact } from '../../artefact/index.ts'
import { audit, type DeclaredUse } from '../../audit/index.ts'
import { canonicalJson, digestOf, countOf } from '../../base/index.ts'
import { assembleDossier, decide, loadPolicy, type TraceReport } from '../../dossier/index.ts'
import type { ArtefactFacts } from '../../formats/index.ts'
import { decodeFingerprint, encodeFingerprint, fingerprintModel, type Fingerprint } from '../../lineage/index.ts'
import { ensureRegisterFree, openRegister, type Register } from '../../register/index.ts'
import { readVersion } from '../version.ts'
import { findBaseTemplates } from './base-templates.ts'
import { nameConsignment } from './consignment-name.ts'
import { DOSSIER_FILES } from './dossier-folder.ts'
import { issueDecision, type ClearanceOutcome } from './issue.ts'
import { openKeptResults, type KeptResults } from './keep.ts'
import { readModel, takeIn, type OpenedModel, type StageInput } from './open-model.ts'
import { traceRegister } from './trace-register.ts'

/** What is to be cleared, and how. */
export interface ClearanceInput extends StageInput {
  readonly ref: string
  readonly hfCache: boolean
  /** Name under which it is entered; see `nameConsignment`. */
  readonly name: string | undefined
  /** Uses for which it is declared. */
  readonly uses?: readonly DeclaredUse[]
}

async function keptFacts(kept: KeptResults, opened: WatchedArtefact, input: ClearanceInput): Promise<ArtefactFacts> {
  const before = kept.find(DOSSIER_FILES.facts)
  if (before !== undefined) {
    input.terminal.stage('open').done('kept from the run that was interrupted')
    return JSON.parse(Buffer.from(before).toString('utf8')) as ArtefactFacts
  }
  const facts = await readModel(opened, input)
  kept.keep(DOSSIER_FILES.facts, canonicalJson(facts))
  return facts
}

async function keptFingerprint(
  kept: KeptResults,
  { opened, facts }: OpenedModel,
  input: ClearanceInput,
): Promise<Fingerprint> {
  const stage = input.terminal.stage('weigh')
  const before = kept.find(DOSSIER_FILES.fingerprint)
  if (before !== undefined) {
    stage.done('kept from the run that was interrupted')
    return decodeFingerprint(before)
  }
  const { threads } = input.context.settings
  const made = await fingerprintModel(opened, facts, {
    signal: input.signal,
    onProgress: ({ done, total }) => stage.update(`${done} of ${total} tensors`),
    ...(threads === undefined ? {} : { threads }),
  })
  kept.keep(DOSSIER_FILES.fingerprint, encodeFingerprint(made))
  stage.done(made.insufficient === null ? 'fingerprint of the weights taken' : 'no weights that can be traced')
  return made
}

async function traceModel(fingerprint: Fingerprint, input: ClearanceInput, register: Register): Promise<TraceReport> {
  const { artefact, insufficient } = fingerprint
  if (insufficient === null) return traceRegister({ ...input, artefact, fingerprint, register })
  const note = `not traced: ${insufficient}`
  input.terminal.stage('trace').done(note)
  return { schema: 'tidewaiter/trace/v1', artefact, fingerprint: null, candidates: [], note }
}

/** Takes the bytes in, under the name that strangers will read. */
async function takeInNamed(input: ClearanceInput): Promise<WatchedArtefact> {
  const opened = await takeIn(input.ref, { ...input, blocks: true })
  const { source } = opened.artefact
  return {
    ...opened,
    artefact: { ...opened.artefact, source: { ...source, ref: nameConsignment(source, input.name) } },
  }
}

/** Takes one consignment the whole way. @throws Fault of any stage; then nothing was entered */
export async function clearConsignment(input: ClearanceInput): Promise<ClearanceOutcome> {
  const { context, terminal, signal } = input
  const policy = loadPolicy(context.settings.policy)
  await ensureRegisterFree(context.register.place)
  const opened = await takeInNamed(input)
  const { artefact } = opened
  const version = readVersion()
  const kept = openKeptResults(context.places.work, artefact.id, version)
  const facts = await keptFacts(kept, opened, input)
  const taken = await keptFingerprint(kept, { opened, facts }, input)
  signal.throwIfAborted()
  const register = await openRegister(context.register)
  try {
    const uses = input.uses === undefined ? {} : { uses: input.uses }
    const report = audit(artefact, facts, { ...(await findBaseTemplates(register, facts)), ...uses })
    terminal.stage('audit').done(`${countOf(report.findings.length, 'finding')}, verdict ${report.verdict}`)
    const trace = await traceModel(taken, input, register)
    signal.throwIfAborted()
    const decision = decide({ artefact, audit: report, trace }, policy)
    const dossier = assembleDossier({ version, artefact, facts: digestOf(facts), audit: report, trace, decision })
    const fingerprint = taken.insufficient === null ? taken : undefined
    const outcome = await issueDecision({ opened, facts, fingerprint, dossier }, { ...input, register })
    kept.forget()
    return outcome
  } finally {
    await register.close()
  }
}
