/**
 * Issuing: a decision becomes a certificate, a folder and an entry of the register.
 *
 * The folder is made ready first, the entry comes second, the folder gets its name last: whatever fails before the entry
 * leaves nothing on the record, and what stands on the record was complete when it was entered. Just before, the bytes
 * are looked at once more, so that no certificate speaks of files that changed while they were examined.
 */
import type { WatchedArtefact } from '../../artefact/index.ts'
import { toSarif } from '../../audit/index.ts'
import { canonicalJson, systemClock } from '../../base/index.ts'
import {
  formatNumber,
  issueCertificate,
  loadOrCreateKey,
  type IssuedCertificate,
  type SigningKey,
} from '../../certificate/index.ts'
import { renderReport, type AssembledDossier } from '../../dossier/index.ts'
import type { ArtefactFacts } from '../../formats/index.ts'
import { encodeFingerprint, type Fingerprint } from '../../lineage/index.ts'
import type { Register } from '../../register/index.ts'
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

interface Certified {
  readonly key: SigningKey
  readonly number: string
  readonly issued: IssuedCertificate
  /** ms since 1970. */
  readonly now: number
}

async function certify({ dossier, digest }: AssembledDossier, { context, register }: IssueInput): Promise<Certified> {
  const { artefact, decision, facts, audit } = dossier
  const key = await loadOrCreateKey(context.places.keys)
  const now = systemClock.now()
  const year = new Date(now).getUTCFullYear()
  const number = formatNumber({ year, serial: await register.takeSerial(year) })
  const { issuer } = context.settings
  const content = {
    number,
    ...decision,
    dossier: { name: DOSSIER_FILES.dossier, digest: { sha256: digest } },
    inputs: {
      files: artefact.files.length,
      totalBytes: artefact.size,
      rehash: 'full',
      dirHash: artefact.digests.dirHash,
    },
    evidence: [
      { name: DOSSIER_FILES.facts, digest: { sha256: facts } },
      { name: 'rules', digest: { sha256: audit.rules } },
    ],
    ...(issuer === undefined ? {} : { issuerName: issuer }),
  } as const
  const model = { name: artefact.source.ref, ...artefact.digests }
  return { key, number, now, issued: await issueCertificate({ model, issuedAt: now, content }, key) }
}

function dossierFiles(
  { dossier, facts, fingerprint }: DecidedModel,
  { number, issued }: Certified,
): ReadonlyMap<string, Uint8Array | string> {
  const { artefact, audit, tool } = dossier.dossier
  const { issuedAt, expiresOn, assurance, log } = issued.statement.predicate
  const logged = log === 'not logged' ? {} : { log: log.origin }
  const certificate = { number, issuedAt, expiresOn, assurance, ...logged }
  const sarif = `${JSON.stringify(toSarif(audit, { version: tool.version, artefact }), null, 2)}\n`
  return new Map<string, Uint8Array | string>([
    [DOSSIER_FILES.dossier, dossier.text],
    [DOSSIER_FILES.facts, canonicalJson(facts)],
    [DOSSIER_FILES.findings, sarif],
    [DOSSIER_FILES.report, renderReport({ dossier: dossier.dossier, digest: dossier.digest, certificate })],
    [DOSSIER_FILES.certificate, issued.bundle],
    ...(fingerprint === undefined ? [] : [[DOSSIER_FILES.fingerprint, encodeFingerprint(fingerprint)] as const]),
  ])
}

/** Issues a decision. @throws Fault `changed-while-read`, `cannot-write`, those of keys and register */
export async function issueDecision(model: DecidedModel, input: IssueInput): Promise<ClearanceOutcome> {
  const { context, terminal, signal, register } = input
  const { opened, facts, fingerprint, dossier } = model
  const stage = terminal.stage('certify')
  const certified = await certify(dossier, input)
  const { key, number, issued, now } = certified
  const { issuedAt, expiresOn } = issued.statement.predicate
  const folder = prepareDossierFolder(context.places.dossiers, number, dossierFiles(model, certified))
  try {
    signal.throwIfAborted()
    opened.confirmUnchanged()
    const expires = Date.parse(`${expiresOn}T23:59:59Z`)
    const entry = {
      artefact: opened.artefact,
      dossier,
      facts,
      number,
      issuedAt: now,
      expiresOn: expires,
      bundle: issued.bundle,
    }
    await register.enter(fingerprint === undefined ? entry : { ...entry, fingerprint: encodeFingerprint(fingerprint) })
  } catch (thrown) {
    folder.discard()
    throw thrown
  }
  folder.publish()
  stage.done(`certificate ${number}, entered into the register`)
  return {
    dossier,
    folder: folder.path,
    number,
    issuedAt,
    expiresOn,
    keyCreated: key.created,
    publicKeyPath: key.publicKeyPath,
  }
}
