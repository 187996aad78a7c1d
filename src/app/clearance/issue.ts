/**
 * Issuing: a decision becomes a certificate, a folder and an entry of the register.
 *
 * Before anything is signed the bytes are looked at once more, so that no certificate speaks of files that changed while
 * they were examined. Then what was found and decided goes into the public log, which forgets nothing; the folder is made
 * ready, the model is entered into the register, and the folder gets its name last. What fails after the log stands in
 * the docket as what was said, and the next clearance goes on from there.
 */
import type { WatchedArtefact } from '../../artefact/index.ts'
import { toSarif } from '../../audit/index.ts'
import { canonicalJson, Fault, toFault } from '../../base/index.ts'
import { tokenAddress } from '../../certificate/index.ts'
import { renderReport, type AssembledDossier } from '../../dossier/index.ts'
import type { ArtefactFacts } from '../../formats/index.ts'
import { encodeFingerprint, type Fingerprint } from '../../lineage/index.ts'
import type { Register } from '../../register/index.ts'
import { certify, type Certified } from './certify.ts'
import { DOSSIER_FILES, prepareDossierFolder } from './dossier-folder.ts'
import type { StageInput } from './open-model.ts'

/** What came of it. */
export interface ClearanceOutcome {
  readonly dossier: AssembledDossier
  /** Folder of the dossier. */
  readonly folder: string
  readonly number: string
  readonly issuedAt: string
  readonly expiresOn: string
  /** Of the log in which it stands. */
  readonly origin: string
  /** True when the signing key was made by this run. */
  readonly keyCreated: boolean
  readonly publicKeyPath: string
}

/** What is issued. */
export interface DecidedModel {
  readonly opened: WatchedArtefact
  readonly facts: ArtefactFacts
  readonly fingerprint: Fingerprint | undefined
  readonly dossier: AssembledDossier
}

/** What issuing needs from outside. */
export interface IssueInput extends StageInput {
  readonly register: Register
}

const BASIS_FILES: Readonly<Record<string, string>> = {
  inspection: DOSSIER_FILES.inspection,
  'provenance-report': DOSSIER_FILES.provenance,
}

function dossierFiles(
  { dossier, facts, fingerprint }: DecidedModel,
  { number, certificate, token, basis, blocks, expiresOn }: Certified,
  publicAddress: string | undefined,
): ReadonlyMap<string, Uint8Array | string> {
  const { artefact, audit, tool } = dossier.dossier
  const { issuedAt, origin, bundle } = certificate
  const code = publicAddress === undefined ? token : tokenAddress(publicAddress, number, token)
  const shown = { number, issuedAt, expiresOn, assurance: 'self-attested', log: origin, code }
  const sarif = `${JSON.stringify(toSarif(audit, { version: tool.version, artefact }), null, 2)}\n`
  return new Map<string, Uint8Array | string>([
    [DOSSIER_FILES.dossier, dossier.text],
    [DOSSIER_FILES.facts, canonicalJson(facts)],
    [DOSSIER_FILES.findings, sarif],
    [DOSSIER_FILES.report, renderReport({ dossier: dossier.dossier, digest: dossier.digest, certificate: shown })],
    [DOSSIER_FILES.certificate, bundle],
    [DOSSIER_FILES.token, `${code}\n`],
    ...basis.map((said) => [BASIS_FILES[said.kind] ?? `${said.kind}.sigstore.json`, said.bundle] as const),
    [`${blocks.digest}.blocks`, blocks.text],
    ...(fingerprint === undefined ? [] : [[DOSSIER_FILES.fingerprint, encodeFingerprint(fingerprint)] as const]),
  ])
}

/** Keeps folder and entry, or neither. */
async function keepDecision(
  model: DecidedModel,
  certified: Certified,
  { context, register }: IssueInput,
): Promise<string> {
  const { opened, facts, fingerprint, dossier } = model
  const { number, certificate, token, expiresOn, now } = certified
  const files = dossierFiles(model, certified, context.settings.publicAddress)
  const folder = prepareDossierFolder(context.places.dossiers, number, files)
  try {
    const expires = Date.parse(`${expiresOn}T23:59:59Z`)
    const entry = {
      artefact: opened.artefact,
      dossier,
      facts,
      number,
      issuedAt: now,
      expiresOn: expires,
      bundle: certificate.bundle,
      token,
    }
    await register.enter(fingerprint === undefined ? entry : { ...entry, fingerprint: encodeFingerprint(fingerprint) })
  } catch (thrown) {
    folder.discard()
    throw thrown
  }
  folder.publish()
  return folder.path
}

/** What fails after the log forgets nothing there, so whoever reads of the failure has to know it. */
function sayItStands(thrown: unknown, number: string): Fault {
  const { code, message } = toFault(thrown)
  const stands = `certificate ${number} stands in the log already, as it was decided; clear the model again when this is mended`
  return new Fault(code, `${message}; ${stands}`, { cause: thrown })
}

/** Issues a decision. @throws Fault `changed-while-read`, `cannot-write`, those of keys, log and register */
export async function issueDecision(model: DecidedModel, input: IssueInput): Promise<ClearanceOutcome> {
  const { terminal, signal } = input
  const stage = terminal.stage('certify')
  signal.throwIfAborted()
  model.opened.confirmUnchanged()
  const certified = await certify(model, input)
  const { key, number, certificate, expiresOn } = certified
  const { issuedAt, origin } = certificate
  const folder = await keepDecision(model, certified, input).catch((thrown: unknown) => {
    throw sayItStands(thrown, number)
  })
  stage.done(`certificate ${number}, logged in ${origin} and entered into the register`)
  return {
    dossier: model.dossier,
    folder,
    number,
    issuedAt,
    expiresOn,
    origin,
    keyCreated: key.created,
    publicKeyPath: key.publicKeyPath,
  }
}
