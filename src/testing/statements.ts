/** Predicates of every kind that fulfil their schemas and rules, for tests to start from. */
import type { PredicateOf } from '../certificate/statements/predicate-types.ts'
import type { StatementKind } from '../certificate/statements/schemas.ts'
import type { StatementCommon } from '../certificate/statements/types/common.ts'

const A = 'aa'.repeat(32)
const B = 'bb'.repeat(32)
const model = { name: 'oak', digest: { sha256: A, dirHash: B, dirHash1: B } }

const common: StatementCommon = {
  issuer: {
    keyId: A,
    role: 'station',
    accreditation: { uri: 'https://tidewaiter.example/stations/7', digest: { sha256: A }, validTo: '2028-01-01' },
  },
  issuedAt: '2026-11-23T12:00:00Z',
  assurance: 'station',
  log: 'not logged',
}
const full = {
  ...common,
  policy: { id: 'default', version: '1', digest: A },
  inputs: { files: 3, totalBytes: 15, rehash: 'full' },
  evidence: [{ name: 'facts.json', digest: { sha256: A } }],
} as const

/** One predicate of each kind. */
export const SAMPLES: { readonly [Kind in StatementKind]: PredicateOf<Kind> } = {
  declaration: {
    ...common,
    declarant: 'Oak Ltd',
    origin: { hub: 'hub.example', repository: 'oak/oak', commit: 'ab12' },
    declaredBases: [{ name: 'acorn', relation: 'fine-tune' }],
    licence: 'Apache-2.0',
    intendedUse: 'Answers about trees.',
    jurisdictions: ['GB'],
  },
  inspection: {
    ...full,
    scanners: [{ name: 'tidewaiter', version: '0.1.0', rules: A }],
    coverage: { bytes: 15, filesOpened: 3, filesRefused: 0 },
    findings: [
      { rule: 'TW-PKL-01', grade: 'minor', basis: 'capability', path: 'a.pkl', range: { offset: 0, length: 2 } },
    ],
    verdict: 'defect',
  },
  'provenance-report': {
    ...full,
    question: { child: model, candidateParents: [model] },
    methods: [
      { id: 'fixed-point', version: '1', nullModel: 'independent numbering', statistic: '160', pValue: '1e-280' },
    ],
    combined: { pValue: '1e-280', correction: 'none' },
    relation: 'fine-tune',
    lineage: [{ child: `tw1:${A}`, parent: `tw1:${B}`, relation: 'fine-tune' }],
    limits: A,
  },
  're-derivation': {
    ...common,
    parents: [model],
    outcome: 're-derived',
    transform: { name: 'cast', order: 'round' },
    parameters: { to: 'BF16' },
    performedAt: '2026-11-23T11:00:00Z',
    tool: { name: 'tidewaiter', version: '0.1.0' },
    tensors: { total: 2, equal: 2, digest: A, others: [] },
  },
  'test-intent': {
    ...full,
    suite: { id: 'chat', version: '3', digest: A, bank: { root: B, size: 1000 }, draw: 50 },
    harness: { name: 'tidewaiter', version: '0.1.0', digest: A },
    deadline: '2026-11-24T12:00:00Z',
    criteria: A,
  },
  'mot-result': {
    ...full,
    number: '260000000012',
    testClass: 'chat',
    result: 'pass-with-advisories',
    testedAt: '2026-11-23T11:00:00Z',
    expiresOn: '2027-11-23',
    defects: [
      {
        code: 'C-7',
        category: 'advisory',
        test: 'tone',
        metric: 'rate',
        comparator: '<=',
        threshold: '0.05',
        value: '0.041',
        n: 50,
      },
    ],
    passedTests: ['refusal', 'truth'],
    warnedTests: ['tone'],
    failedTests: [],
    intent: { leafHash: A },
  },
  clearance: {
    ...full,
    number: '260000000012',
    decision: 'cleared',
    channel: 'green',
    reasons: [],
    dossier: { name: 'dossier.json', digest: { sha256: A } },
    expiresOn: '2027-11-23',
  },
  revocation: {
    ...full,
    target: { leafHash: A, number: '260000000012', statusIndex: { list: 'a', index: 7 } },
    action: 'revoke',
    reason: 'new-evidence',
    effectiveFrom: '2026-11-23T12:00:00Z',
  },
  reply: { ...common, to: { leafHash: A }, party: 'vendor', kind: 'reply', text: B },
  family: { ...full, action: 'split', familyId: `tf1:${A}`, from: `tf1:${B}`, report: { leafHash: A } },
  'status-list': {
    ...common,
    list: 'a',
    purpose: 'message',
    statusSize: 2,
    statusMessages: ['valid', 'suspended', 'revoked', 'superseded'],
    entries: 131_072,
    encodedList: 'uH4sI',
    validUntil: '2026-11-24T12:00:00Z',
    checkpoint: { origin: '2026.uk.log.tidewaiter.example', size: 9, root: A },
  },
}
