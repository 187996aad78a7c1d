/** Small hand-made evidence for tests of the stages that decide, report and register. */
import type { Artefact } from '../artefact/index.ts'
import type { AuditReport, Finding } from '../audit/index.ts'
import type { Comparison, ComparisonVerdict } from '../lineage/index.ts'
import type { TraceReport } from '../dossier/index.ts'

const HASH = 'a'.repeat(64)

/** An artefact of one safetensors file. */
export function makeArtefact(changes: Partial<Artefact> = {}): Artefact {
  return {
    id: `tw1:${HASH}`,
    source: { kind: 'folder', ref: 'examples/oak' },
    files: [{ path: 'model.safetensors', size: 1024, sha256: HASH }],
    size: 1024,
    digests: { sha256: HASH, dirHash: HASH },
    problems: [],
    ignored: [],
    ...changes,
  }
}

/** An audit report; without findings its one file is proved. */
export function makeAudit(changes: Partial<AuditReport> = {}): AuditReport {
  return {
    schema: 'tidewaiter/audit/v1',
    artefact: `tw1:${HASH}`,
    files: [{ path: 'model.safetensors', format: 'safetensors', verdict: 'proved' }],
    findings: [],
    outcomes: [{ rule: 'TW-STN-01', state: 'pass' }],
    verdict: 'proved',
    rules: HASH,
    ...changes,
  }
}

/** A finding. */
export function makeFinding(changes: Partial<Finding> = {}): Finding {
  return {
    rule: 'TW-STN-03',
    grade: 'major',
    basis: 'exploit',
    path: 'model.safetensors',
    locus: 'tensor "a"',
    message: 'span is 8 bytes, shape and dtype say 16',
    ...changes,
  }
}

/** A comparison with the given verdict. */
export function makeComparison(verdict: ComparisonVerdict, changes: Partial<Comparison> = {}): Comparison {
  return {
    schema: 'tidewaiter/comparison/v1',
    verdict,
    log10p: verdict === 'derived' ? -1200 : 0,
    direction: 'open',
    transformations: [],
    layers: [{ a: 0, b: 0, fixed: 160, sampled: 160 }],
    map: [{ a: 0, b: 0, fixed: 160, sampled: 160, log10p: -284.7 }],
    tests: [
      { id: 'C1', view: 'gate', statistic: '160 of 160 units', log10p: -284.7, assumption: 'exchangeable units' },
    ],
    control: { cells: 12, mean: 1, variance: 0.9, maximum: 3, counts: [4, 5, 2, 1, 0], p: 0.7, holds: true },
    power: {
      detectable: 0.02,
      curve: [
        { cosine: 0, power: 0 },
        { cosine: 0.01, power: 0.4 },
        { cosine: 0.02, power: 0.96 },
      ],
      assumption: 'coordinates are alike',
    },
    scatter: { view: 'gate', a: 0, b: 0, units: [3, 5, 9], nearest: [3, -1, 9] },
    panel: { models: 250, atLeast: 1, p: 2 / 251, enough: true },
    effect: { share: 1, low: 0.98, high: 1 },
    reasons: ['160 of 160 units carry the same number'],
    untested: ['permutation of hidden units'],
    method: { version: 'weights/1', seed: HASH },
    ...changes,
  }
}

/** A trace without candidates, or with the given ones. */
export function makeTrace(changes: Partial<TraceReport> = {}): TraceReport {
  return {
    schema: 'tidewaiter/trace/v1',
    artefact: `tw1:${HASH}`,
    fingerprint: HASH,
    candidates: [],
    note: 'compared with 0 of 0 models of the register',
    ...changes,
  }
}
