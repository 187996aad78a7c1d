/**
 * Clearance: the whole way of one consignment through the customs house.
 *
 * Intake, open, audit, trace, decide, certify, register. Each stage takes plain values and gives plain values; what was
 * made of the bytes is kept until the end, so that an interrupted clearance goes on where it stopped. The decision is
 * entered and the folder published last, so that nothing half-done is ever on the record.
 */
import type { WatchedArtefact } from '../../artefact/index.ts'
import { audit, toSarif } from '../../audit/index.ts'
import { canonicalJson, digestOf, systemClock } from '../../base/index.ts'
import { formatNumber, issueCertificate, loadOrCreateKey } from '../../certificate/index.ts'
import {
  assembleDossier,
  decide,
  loadPolicy,
  renderReport,
  type AssembledDossier,
  type Dossier,
  type TraceReport,
} from '../../dossier/index.ts'
import type { ArtefactFacts } from '../../formats/index.ts'
import { decodeFingerprint, encodeFingerprint, fingerprintModel, type Fingerprint } from '../../lineage/index.ts'
import { openRegister, type Register } from '../../register/index.ts'
import { readVersion } from '../version.ts'
import { DOSSIER_FILES, prepareDossierFolder } from './dossier-folder.ts'
import { openKeptResults, type KeptResults } from './keep.ts'
import { readModel, takeIn, type OpenedModel, type StageInput } from './open-model.ts'
import { traceRegister } from './trace-register.ts'

/** What is to be cleared, and how. */
export interface ClearanceInput extends StageInput {
  readonly ref: string
  readonly hfCache: boolean
}

/** What came of it. */
export interface ClearanceOutcome {
  readonly dossier: AssembledDossier
  /** Folder of the dossier. */
  readonly folder: string
  readonly number: string
  readonly issuedAt: string
  readonly expiresOn: string
  /** True when the signing key was made by this run. */
  readonly keyCreated: boolean
  readonly publicKeyPath: string
}

interface Traced {
  readonly fingerprint: Fingerprint | undefined
  readonly trace: TraceReport
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
  stage.done('fingerprint of the weights taken')
  return made
}

async function traceModel(
  kept: KeptResults,
  model: OpenedModel,
  { input, register }: { readonly input: ClearanceInput; readonly register: Register },
): Promise<Traced> {
  const artefact = model.opened.artefact.id
  const fingerprint = await keptFingerprint(kept, model, input)
  if (fingerprint.insufficient === null) {
    return { fingerprint, trace: await traceRegister({ ...input, artefact, fingerprint, register }) }
  }
  const note = `not traced: ${fingerprint.insufficient}`
  input.terminal.stage('trace').done(note)
  return {
    fingerprint: undefined,
    trace: { schema: 'tidewaiter/trace/v1', artefact, fingerprint: null, candidates: [], note },
  }
}

async function certify(
  assembled: AssembledDossier,
  { input, register }: { readonly input: ClearanceInput; readonly register: Register },
) {
  const { artefact, decision, facts, audit: report } = assembled.dossier
  const key = await loadOrCreateKey(input.context.places.keys)
  const now = systemClock.now()
  const year = new Date(now).getUTCFullYear()
  const number = formatNumber({ year, serial: await register.takeSerial(year) })
  const { issuer } = input.context.settings
  const issued = await issueCertificate(
    {
      model: { name: artefact.source.ref, ...artefact.digests },
      issuedAt: now,
      content: {
        number,
        ...decision,
        dossier: { name: DOSSIER_FILES.dossier, digest: { sha256: assembled.digest } },
        inputs: { files: artefact.files.length, totalBytes: artefact.size, rehash: 'full' },
        evidence: [
          { name: DOSSIER_FILES.facts, digest: { sha256: facts } },
          { name: 'rules', digest: { sha256: report.rules } },
        ],
        ...(issuer === undefined ? {} : { issuerName: issuer }),
      },
    },
    key,
  )
  return { key, number, issued, now }
}

function sarifText({ artefact, audit: report, tool }: Dossier): string {
  return `${JSON.stringify(toSarif(report, { version: tool.version, artefact }), null, 2)}\n`
}

/** Takes one consignment the whole way. @throws Fault of any stage; then nothing was entered */
export async function clearConsignment(input: ClearanceInput): Promise<ClearanceOutcome> {
  const { context, terminal, signal } = input
  const policy = loadPolicy(context.settings.policy)
  const opened = await takeIn(input.ref, { ...input, blocks: true })
  const { artefact } = opened
  const version = readVersion()
  const kept = openKeptResults(context.places.work, artefact.id, version)
  const facts = await keptFacts(kept, opened, input)
  const report = audit(artefact, facts)
  terminal.stage('audit').done(`${report.findings.length} findings, verdict ${report.verdict}`)
  signal.throwIfAborted()
  const register = await openRegister(context.register)
  try {
    const { fingerprint, trace } = await traceModel(kept, { opened, facts }, { input, register })
    signal.throwIfAborted()
    const decision = decide({ artefact, audit: report, trace }, policy)
    const assembled = assembleDossier({ version, artefact, facts: digestOf(facts), audit: report, trace, decision })
    const stage = terminal.stage('certify')
    const { key, number, issued, now } = await certify(assembled, { input, register })
    const { issuedAt, expiresOn, assurance } = issued.statement.predicate
    const twf = fingerprint === undefined ? undefined : encodeFingerprint(fingerprint)
    const folder = prepareDossierFolder(
      context.places.dossiers,
      number,
      new Map<string, Uint8Array | string>([
        [DOSSIER_FILES.dossier, assembled.text],
        [DOSSIER_FILES.facts, canonicalJson(facts)],
        [DOSSIER_FILES.findings, sarifText(assembled.dossier)],
        [
          DOSSIER_FILES.report,
          renderReport({
            dossier: assembled.dossier,
            digest: assembled.digest,
            certificate: { number, issuedAt, expiresOn, assurance },
          }),
        ],
        [DOSSIER_FILES.certificate, issued.bundle],
        ...(twf === undefined ? [] : [[DOSSIER_FILES.fingerprint, twf] as const]),
      ]),
    )
    try {
      signal.throwIfAborted()
      opened.confirmUnchanged()
      const entry = {
        artefact,
        dossier: assembled,
        facts,
        number,
        issuedAt: now,
        expiresOn: Date.parse(`${expiresOn}T23:59:59Z`),
        bundle: issued.bundle,
      }
      await register.enter(twf === undefined ? entry : { ...entry, fingerprint: twf })
    } catch (thrown) {
      folder.discard()
      throw thrown
    }
    folder.publish()
    kept.forget()
    stage.done(`certificate ${number}, entered into the register`)
    return {
      dossier: assembled,
      folder: folder.path,
      number,
      issuedAt,
      expiresOn,
      keyCreated: key.created,
      publicKeyPath: key.publicKeyPath,
    }
  } finally {
    await register.close()
  }
}
