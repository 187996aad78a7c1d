/**
 * Certifying: what was found of a model and decided on it is said on the public record.
 *
 * The inspection and, where there was something to compare with, the report of descent come first; the clearance names
 * them as what it is based on. The family of a model is that of the nearest kin that the weights name with near-identical
 * weights; else it founds one of its own.
 */
import { formatTime, systemClock, systemRandomness } from '../../base/index.ts'
import {
  addMonths,
  assignIndex,
  describeModel,
  formatNumber,
  issueToken,
  MIN_ENTRIES,
  predicateTypeOf,
  VALIDITY_MONTHS,
  writeBlockLists,
  type BlockLists,
  type SigningKey,
} from '../../certificate/index.ts'
import type { AssembledDossier, TraceReport } from '../../dossier/index.ts'
import { DESCENT_VERDICTS } from '../../lineage/index.ts'
import type { Register } from '../../register/index.ts'
import { loadSigner } from '../keys/load-signer.ts'
import { describeIssuer } from '../keys/own-issuer.ts'
import { rememberIssuer } from '../log/issuers.ts'
import { openRecord } from '../log/open-record.ts'
import { STATUS_LIST } from '../log/status-list.ts'
import type { PublicRecord, Said, ToSay } from '../log/public-record.ts'
import type { DecidedModel, IssueInput } from './issue.ts'
import { sayClearance, sayInspection, sayProvenance, type NamedDigests } from './statements.ts'

/** What was said. */
export interface Certified {
  readonly key: SigningKey
  readonly number: string
  readonly certificate: Said
  /** What its printed code carries. */
  readonly token: string
  /** What the certificate is based on. */
  readonly basis: readonly Said[]
  readonly blocks: BlockLists
  /** The last day on which it holds. */
  readonly expiresOn: string
  /** ms since 1970. */
  readonly now: number
}

async function findFamily({ artefact, trace }: AssembledDossier['dossier'], register: Register): Promise<string> {
  const near = trace.candidates.find(({ comparison }) => DESCENT_VERDICTS.has(comparison.verdict))
  const family = near === undefined ? undefined : await register.statements.familyOf(near.artefact.id)
  return family ?? `tf1:${artefact.digests.dirHash}`
}

/** The models that were compared in full, those with something to say first. */
async function nameCompared(
  { candidates, withoutEvidence = [] }: TraceReport,
  register: Register,
): Promise<readonly NamedDigests[]> {
  const compared = [...candidates, ...withoutEvidence]
  const models = await Promise.all(compared.map(({ artefact }) => register.findModel(artefact.id)))
  return models.flatMap((model) =>
    model === undefined ? [] : [{ name: model.ref, sha256: model.omsRoot, dirHash: model.dirHash }],
  )
}

async function takePlace(
  { statements }: Register,
  number: string,
): Promise<{ readonly list: string; readonly index: number }> {
  const list = STATUS_LIST
  const take = (idx: number): Promise<boolean> => statements.takePlace({ list, idx, number })
  const taken = await statements.countPlaces(list)
  return { list, index: await assignIndex({ entries: MIN_ENTRIES, taken, take }, systemRandomness) }
}

type About = Pick<ToSay<'clearance'>, 'subject' | 'modelId' | 'familyId' | 'issuer' | 'issuedAt'>

async function sayBasis(
  record: PublicRecord,
  about: About,
  { assembled, register }: { readonly assembled: AssembledDossier; readonly register: Register },
): Promise<readonly Said[]> {
  const inspection = await record.say({ ...about, kind: 'inspection', content: sayInspection(assembled) })
  const content = sayProvenance(assembled, await nameCompared(assembled.dossier.trace, register))
  return content === undefined
    ? [inspection]
    : [inspection, await record.say({ ...about, kind: 'provenance-report', content })]
}

/** Puts it all on the record. @throws Fault those of keys, log and register */
export async function certify(
  { opened, dossier: assembled }: DecidedModel,
  { context, register }: IssueInput,
): Promise<Certified> {
  const { artefact } = assembled.dossier
  const blocks = writeBlockLists(opened.artefact.files.map((file) => ({ ...file, blocks: file.blocks ?? [] })))
  const key = await loadSigner(context)
  rememberIssuer(context, key.keyId)
  const record = await openRecord(context, register, key)
  const now = systemClock.now()
  const year = new Date(now).getUTCFullYear()
  const number = formatNumber({ year, serial: await register.takeSerial(year) })
  const about = {
    subject: describeModel(artefact.source.ref, artefact.digests),
    modelId: artefact.id,
    familyId: await findFamily(assembled.dossier, register),
    issuer: describeIssuer(context.settings, key.keyId),
    issuedAt: formatTime(now),
  }
  const statusIndex = await takePlace(register, number)
  const basis = await sayBasis(record, about, { assembled, register })
  const expiresOn = addMonths(now, VALIDITY_MONTHS)
  const basedOn = basis.map(({ leafHash, kind }) => ({
    leafHash,
    predicateType: predicateTypeOf(kind === 'inspection' ? 'inspection' : 'provenance-report'),
  }))
  const content = sayClearance(assembled, { number, expiresOn, basedOn, statusIndex }, blocks.digest)
  const certificate = await record.say({ ...about, kind: 'clearance', content })
  const { decision: result } = assembled.dossier.decision
  const { dirHash } = artefact.digests
  const token = await issueToken({ number, dirHash, result, expiresOn, statusIndex: statusIndex.index }, key)
  return { key, number, certificate, token, basis, blocks, expiresOn, now }
}
