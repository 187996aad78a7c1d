/**
 * CycloneDX: the bill of a model as CycloneDX JSON, 1.6 or 1.7.
 *
 * The model is the component that the document describes, a `machine-learning-model` whose parts are its files with
 * SHA-256. What was decided stands twice, for two readers: as external references with digests, which any tool shows,
 * and as declarations (CDXA): who assessed, what is claimed, on which evidence. The identity of a model is not the hash
 * of any file, so it stands among the properties.
 *
 * Guarantee: the same bill gives the same bytes; the serial number is derived from certificate and model.
 * Source: ECMA-424 (CycloneDX 1.6) and CycloneDX 1.7, JSON schemas `bom-1.6` and `bom-1.7`.
 */
import { compareCodePoints, sha256, type Json } from '../../base/index.ts'
import { licenceExpression } from './licence-choice.ts'
import type { BilledRelative, ModelBill } from './model-bill.ts'

/** Versions that are written. */
export const CYCLONEDX_VERSIONS = ['1.6', '1.7'] as const
/** See {@link CYCLONEDX_VERSIONS}. */
export type CycloneDxVersion = (typeof CYCLONEDX_VERSIONS)[number]

/** Property that carries the identity. */
export const MODEL_ID_PROPERTY = 'tidewaiter:modelId'

const MODEL = 'model'
const ASSESSOR = 'assessor'
const EVIDENCE = 'evidence:certificate'

interface Property {
  readonly name: string
  readonly value: string
}

function property(name: string, value: string | number): Property {
  return { name: `tidewaiter:${name}`, value: String(value) }
}

/** A UUID (version 8, RFC 9562) from a digest of text. */
export function uuidOf(text: string): string {
  const bytes = Buffer.from(sha256(text).slice(0, 32), 'hex')
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

function describeRelative(relative: BilledRelative): Json {
  return {
    type: 'machine-learning-model',
    name: relative.name,
    properties: [
      { name: MODEL_ID_PROPERTY, value: relative.modelId },
      property('relation', relative.relation),
      property('log10p', relative.log10p),
      property('method', relative.method),
      ...relative.transformations.map((text) => property('transformation', text)),
    ],
  } as unknown as Json
}

function describePedigree({ ancestors, descendants, relatives }: ModelBill): object {
  if (ancestors.length + descendants.length + relatives.length === 0) return {}
  const notes =
    'Ancestors and descendants are named by tests of the weights; log10p is an upper bound under the hypothesis that there is no descent. ' +
    'Variants are kin of which it is open who came from whom.'
  return {
    pedigree: {
      ...(ancestors.length === 0 ? {} : { ancestors: ancestors.map(describeRelative) }),
      ...(descendants.length === 0 ? {} : { descendants: descendants.map(describeRelative) }),
      ...(relatives.length === 0 ? {} : { variants: relatives.map(describeRelative) }),
      notes,
    },
  }
}

function describeParameters(bill: ModelBill): object {
  const datasets = bill.datasets.map((name) => ({ type: 'dataset', name }))
  return {
    ...(bill.task === undefined ? {} : { task: bill.task }),
    ...(bill.architectureFamily === undefined ? {} : { architectureFamily: bill.architectureFamily }),
    ...(bill.architecture === undefined ? {} : { modelArchitecture: bill.architecture }),
    ...(datasets.length === 0 ? {} : { datasets }),
  }
}

function describeMetrics({ metrics }: ModelBill): object {
  if (metrics.length === 0) return {}
  const performanceMetrics = metrics.map(({ type, value, low, high }) => ({
    type,
    value,
    ...(low === undefined || high === undefined ? {} : { confidenceInterval: { lowerBound: low, upperBound: high } }),
  }))
  return { quantitativeAnalysis: { performanceMetrics } }
}

function describeCard(bill: ModelBill): object {
  return {
    modelCard: {
      modelParameters: describeParameters(bill),
      ...describeMetrics(bill),
      ...(bill.limits.length === 0 ? {} : { considerations: { technicalLimitations: bill.limits } }),
      properties: [
        property('parameters', bill.parameters),
        ...bill.types.map((type) => property('tensorType', type)),
        ...bill.declaredBases.map((base) => property('declaredBase', base)),
      ],
    },
  }
}

function describeFiles({ files }: ModelBill): object {
  const sorted = files.toSorted((a, b) => compareCodePoints(a.path, b.path))
  return {
    components: sorted.map((file) => ({
      type: 'file',
      'bom-ref': `file:${file.path}`,
      name: file.path,
      hashes: [{ alg: 'SHA-256', content: file.sha256 }],
      properties: [property('size', file.size)],
    })),
  }
}

function describeModel(bill: ModelBill): object {
  const licence = licenceExpression(bill.licences)
  const { certificate } = bill
  return {
    type: 'machine-learning-model',
    'bom-ref': MODEL,
    name: bill.name,
    ...(licence === null ? {} : { licenses: [{ expression: licence, acknowledgement: 'declared' }] }),
    ...describePedigree(bill),
    externalReferences: [
      {
        type: 'certification-report',
        url: `urn:tidewaiter:dossier:${certificate.dossier}`,
        comment: `certificate ${certificate.number}: ${certificate.decision}, holds until ${certificate.expiresOn}`,
        hashes: [{ alg: 'SHA-256', content: certificate.dossier }],
      },
      {
        type: 'attestation',
        url: `urn:tidewaiter:leaf:${certificate.leafHash}`,
        comment: 'leaf hash of the statement',
      },
    ],
    ...describeFiles(bill),
    ...describeCard(bill),
    properties: [
      { name: MODEL_ID_PROPERTY, value: bill.modelId },
      property('omsRoot', bill.digests.sha256),
      property('dirHash', bill.digests.dirHash),
      property('auditVerdict', bill.audit.verdict),
      property('auditFindings', bill.audit.findings),
    ],
  }
}

function describeDeclarations({ certificate, limits }: ModelBill): object {
  const { issuer, number, decision } = certificate
  const claim = 'claim:clearance'
  return {
    assessors: [
      {
        'bom-ref': ASSESSOR,
        thirdParty: certificate.assurance !== 'self-attested',
        organization: { name: issuer.name ?? `holder of the key ${issuer.keyId}` },
      },
    ],
    attestations: [{ summary: `Certificate ${number}: ${decision}`, assessor: ASSESSOR, map: [{ claims: [claim] }] }],
    claims: [
      {
        'bom-ref': claim,
        target: MODEL,
        predicate: `${decision}, until ${certificate.expiresOn}`,
        reasoning: limits.length === 0 ? 'see the dossier' : `see the dossier; not tested: ${limits.join('; ')}`,
        evidence: [EVIDENCE],
      },
    ],
    evidence: [
      {
        'bom-ref': EVIDENCE,
        propertyName: 'clearance',
        data: [
          {
            name: `dossier.json, SHA-256 ${certificate.dossier}`,
            contents: { url: `urn:tidewaiter:leaf:${certificate.leafHash}` },
          },
        ],
        created: certificate.issuedAt,
        expires: `${certificate.expiresOn}T23:59:59Z`,
      },
    ],
  }
}

/** Writes the bill as CycloneDX JSON. */
export function writeCycloneDx(bill: ModelBill, version: CycloneDxVersion = '1.6'): string {
  const { certificate, tool } = bill
  const document = {
    $schema: `http://cyclonedx.org/schema/bom-${version}.schema.json`,
    bomFormat: 'CycloneDX',
    specVersion: version,
    serialNumber: `urn:uuid:${uuidOf(`cyclonedx ${certificate.number} ${bill.modelId}`)}`,
    version: 1,
    metadata: {
      timestamp: certificate.issuedAt,
      lifecycles: [{ phase: 'post-build' }],
      tools: { components: [{ type: 'application', name: tool.name, version: tool.version }] },
      component: describeModel(bill),
    },
    compositions: [{ aggregate: 'complete', assemblies: [MODEL] }],
    declarations: describeDeclarations(bill),
  }
  return `${JSON.stringify(document, null, 2)}\n`
}
