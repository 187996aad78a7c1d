/**
 * A dossier as it was certified: read from its folder, and held against the certificate that lies with it.
 *
 * Whoever builds something on a dossier builds on what was signed; so the certificate must hold, and dossier and facts
 * must be those that it names by digest.
 */
import { join } from 'node:path'
import { Fault, sha256, systemClock } from '../../base/index.ts'
import { leafHashOf, type BilledCertificate } from '../../certificate/index.ts'
import type { Dossier } from '../../dossier/index.ts'
import type { ArtefactFacts } from '../../formats/index.ts'
import { verifyBundle, type Clearance } from '../../verify.ts'
import { DOSSIER_FILES } from './dossier-folder.ts'
import { readBounded } from '../read-bounded.ts'

/** What was certified. */
export interface CertifiedDossier {
  readonly dossier: Dossier
  readonly facts: ArtefactFacts
  readonly certificate: BilledCertificate
}

const LARGEST = 256 * 1024 * 1024
const LARGEST_KEY = 64 * 1024

function refuse(message: string): never {
  throw new Fault('certificate-refused', message)
}

async function readClearance(bundle: Uint8Array, publicKeyPem: string): Promise<Clearance> {
  const { verdict, reason, checks, statement } = await verifyBundle(bundle, { now: systemClock.now(), publicKeyPem })
  const failed = checks.find(({ outcome }) => outcome === 'fail')
  if (failed !== undefined) refuse(`the certificate does not hold (${reason ?? verdict}): ${failed.message}`)
  return statement?.clearance ?? refuse('the certificate is no clearance')
}

/**
 * Reads the folder of a dossier.
 *
 * @param keyPath public key of the issuer
 * @throws Fault `certificate-refused`, `no-such-file`
 */
export async function readCertifiedDossier(folder: string, keyPath: string): Promise<CertifiedDossier> {
  const read = (name: string): Buffer => readBounded(join(folder, name), LARGEST)
  const publicKeyPem = readBounded(keyPath, LARGEST_KEY).toString('utf8')
  const bundle = read(DOSSIER_FILES.certificate)
  const clearance = await readClearance(bundle, publicKeyPem)
  const [dossier, facts] = [read(DOSSIER_FILES.dossier), read(DOSSIER_FILES.facts)]
  const signedFacts = clearance.evidence.find(({ name }) => name === DOSSIER_FILES.facts)?.digest.sha256
  if (sha256(dossier) !== clearance.dossier.digest.sha256) refuse('the dossier is not the one that was certified')
  if (sha256(facts) !== signedFacts) refuse('the facts are not those that were certified')
  const { number, decision, issuedAt, expiresOn, issuer, assurance } = clearance
  const leafHash = await leafHashOf(bundle, publicKeyPem)
  return {
    dossier: JSON.parse(dossier.toString('utf8')) as Dossier,
    facts: JSON.parse(facts.toString('utf8')) as ArtefactFacts,
    certificate: { number, decision, issuedAt, expiresOn, issuer, assurance, dossier: sha256(dossier), leafHash },
  }
}
