/**
 * SPDX: the bill of a model as SPDX 3.0.1 JSON-LD with the AI profile.
 *
 * The model is an `ai_AIPackage` that contains its files; its declared and its concluded licence each stand once, as the
 * profile demands, and what nobody concluded is `NoAssertion`. A parent named by tests of the weights is a package of its
 * own with `descendantOf`, with the evidence in the comment of the relationship; kin of open direction are `hasVariant`.
 *
 * Guarantee: the same bill gives the same bytes; every element has an IRI under the model's own.
 * Source: SPDX 3.0.1, profiles Core, Software, SimpleLicensing and AI; JSON schema and SHACL of the specification.
 */
import { compareCodePoints } from '../../base/index.ts'
import { licenceExpression } from './licence-choice.ts'
import type { BilledRelative, ModelBill } from './model-bill.ts'

const CONTEXT = 'https://spdx.org/rdf/3.0.1/spdx-context.jsonld'
const NO_ASSERTION = 'expandedlicensing_NoAssertionLicense'
const CREATION = '_:creation'

type Element = Readonly<Record<string, unknown>>

interface Frame {
  /** IRI of an element by its name. */
  readonly id: (name: string) => string
  readonly bill: ModelBill
}

function element(type: string, spdxId: string, members: Element): Element {
  return { type, spdxId, creationInfo: CREATION, ...members }
}

interface Link {
  readonly name: string
  readonly from: string
  readonly type: string
  readonly to: readonly string[]
  readonly comment?: string
  readonly complete?: boolean
}

function relate({ id }: Frame, { name, from, type, to, comment, complete = false }: Link): Element {
  return element('Relationship', id(name), {
    from,
    relationshipType: type,
    to,
    ...(complete ? { completeness: 'complete' } : {}),
    ...(comment === undefined ? {} : { comment }),
  })
}

function sha256Of(hashValue: string): Element {
  return { type: 'Hash', algorithm: 'sha256', hashValue }
}

/** An identifier of another scheme than SPDX's own. */
function identifier(identifierLocator: string, value: string): Element {
  return { type: 'ExternalIdentifier', externalIdentifierType: 'other', identifier: value, comment: identifierLocator }
}

function describeAgents({ id, bill }: Frame): readonly Element[] {
  const { issuer } = bill.certificate
  return [
    {
      type: 'CreationInfo',
      '@id': CREATION,
      specVersion: '3.0.1',
      created: bill.certificate.issuedAt,
      createdBy: [id('issuer')],
      createdUsing: [id('tool')],
    },
    element('Organization', id('issuer'), { name: issuer.name ?? `holder of the key ${issuer.keyId}` }),
    element('Tool', id('tool'), { name: `${bill.tool.name} ${bill.tool.version}` }),
  ]
}

function describeModel({ id, bill }: Frame): Element {
  const { certificate, digests, metrics } = bill
  const types = [bill.architectureFamily, bill.architecture].filter((text) => text !== undefined)
  return element('ai_AIPackage', id('model'), {
    name: bill.name,
    software_primaryPurpose: 'model',
    builtTime: certificate.issuedAt,
    externalIdentifier: [
      identifier('tidewaiter modelId', bill.modelId),
      identifier('OpenSSF Model Signing root', digests.sha256),
      identifier('tidewaiter certificate number', certificate.number),
    ],
    externalRef: [
      {
        type: 'ExternalRef',
        externalRefType: 'certificationReport',
        locator: [`urn:tidewaiter:leaf:${certificate.leafHash}`],
        comment: `${certificate.decision}, holds until ${certificate.expiresOn}; dossier ${certificate.dossier}`,
      },
    ],
    ...(types.length === 0 ? {} : { ai_typeOfModel: types }),
    ...(bill.task === undefined ? {} : { ai_domain: [bill.task] }),
    ...(bill.limits.length === 0 ? {} : { ai_limitation: `Not tested: ${bill.limits.join('; ')}` }),
    ai_hyperparameter: [{ type: 'DictionaryEntry', key: 'parameters', value: String(bill.parameters) }],
    ...(metrics.length === 0
      ? {}
      : { ai_metric: metrics.map(({ type, value }) => ({ type: 'DictionaryEntry', key: type, value })) }),
  })
}

function describeFiles(frame: Frame): readonly Element[] {
  const { id, bill } = frame
  const files = bill.files.toSorted((a, b) => compareCodePoints(a.path, b.path))
  const elements = files.map((file, index) =>
    element('software_File', id(`file-${index}`), { name: file.path, verifiedUsing: [sha256Of(file.sha256)] }),
  )
  const to = files.map((_, index) => id(`file-${index}`))
  if (to.length === 0) return []
  return [...elements, relate(frame, { name: 'contains', from: id('model'), type: 'contains', to, complete: true })]
}

function describeLicences(frame: Frame): readonly Element[] {
  const { id, bill } = frame
  const expression = licenceExpression(bill.licences)
  const declared = expression === null ? NO_ASSERTION : id('licence')
  const from = id('model')
  return [
    ...(expression === null
      ? []
      : [
          element('simplelicensing_LicenseExpression', declared, {
            simplelicensing_licenseExpression: expression,
          }),
        ]),
    relate(frame, { name: 'declared-licence', from, type: 'hasDeclaredLicense', to: [declared] }),
    relate(frame, { name: 'concluded-licence', from, type: 'hasConcludedLicense', to: [NO_ASSERTION] }),
  ]
}

function describeRelative(frame: Frame, relative: BilledRelative, name: string): readonly Element[] {
  const { id } = frame
  const type = name.startsWith('ancestor')
    ? 'descendantOf'
    : name.startsWith('descendant')
      ? 'ancestorOf'
      : 'hasVariant'
  const done = relative.transformations.length === 0 ? '' : ` Seen: ${relative.transformations.join('; ')}.`
  const comment = `${relative.relation}; log10 of an upper bound of p without descent: ${relative.log10p} (${relative.method}).${done}`
  const from = id('model')
  const licence = { from: id(name), to: [NO_ASSERTION] }
  return [
    element('ai_AIPackage', id(name), {
      name: relative.name,
      software_primaryPurpose: 'model',
      externalIdentifier: [identifier('tidewaiter modelId', relative.modelId)],
    }),
    relate(frame, {
      name: `${name}-link`,
      from,
      type,
      to: [id(name)],
      comment,
    }),
    relate(frame, { name: `${name}-declared`, type: 'hasDeclaredLicense', ...licence }),
    relate(frame, { name: `${name}-concluded`, type: 'hasConcludedLicense', ...licence }),
  ]
}

function describeDatasets(frame: Frame): readonly Element[] {
  const { id, bill } = frame
  if (bill.datasets.length === 0) return []
  const packages = bill.datasets.map((name, index) =>
    element('software_Package', id(`dataset-${index}`), { name, software_primaryPurpose: 'data' }),
  )
  const to = bill.datasets.map((_, index) => id(`dataset-${index}`))
  const comment = 'as the model card declares; not examined'
  return [...packages, relate(frame, { name: 'trained-on', from: id('model'), type: 'trainedOn', to, comment })]
}

/** Writes the bill as SPDX 3.0.1 JSON-LD. */
export function writeSpdx(bill: ModelBill): string {
  const base = `https://tidewaiter.example/spdx/${bill.modelId.replace(':', '/')}/${bill.certificate.number}`
  const frame: Frame = { bill, id: (name) => `${base}#${name}` }
  const content = [
    describeModel(frame),
    ...describeFiles(frame),
    ...describeLicences(frame),
    ...bill.ancestors.flatMap((relative, index) => describeRelative(frame, relative, `ancestor-${index}`)),
    ...bill.descendants.flatMap((relative, index) => describeRelative(frame, relative, `descendant-${index}`)),
    ...bill.relatives.flatMap((relative, index) => describeRelative(frame, relative, `variant-${index}`)),
    ...describeDatasets(frame),
  ]
  const elements = content.map((one) => one['spdxId'])
  const document = element('SpdxDocument', frame.id('document'), {
    name: `Bill of materials of ${bill.name}`,
    rootElement: [frame.id('model')],
    element: elements,
    profileConformance: ['core', 'software', 'simpleLicensing', 'ai'],
  })
  const graph = [...describeAgents(frame), document, ...content]
  return `${JSON.stringify({ '@context': CONTEXT, '@graph': graph }, null, 2)}\n`
}
