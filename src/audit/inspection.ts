/**
 * The inspection: what `tidewaiter inspect --format json` prints, a contract for other programs.
 *
 * Schema: `inspection.schema.json` beside this module. Members are only ever added; another meaning gets another
 * version.
 */
import type { Artefact } from '../artefact/index.ts'
import type { AuditReport, AuditVerdict, AuditedFile, Finding, RuleOutcome } from './finding.ts'
import { fingerprintsOf } from './fingerprint.ts'

/** One file of an {@link Inspection}. */
export interface InspectedFile extends AuditedFile {
  readonly size: number
  readonly sha256: string
}

/** See the module. */
export interface Inspection extends Pick<AuditReport, 'assurance' | 'readers'> {
  readonly schema: 'tidewaiter/inspection/v1'
  readonly artefact: { readonly id: string; readonly size: number; readonly digests: Artefact['digests'] }
  /** In the order of the artefact. */
  readonly files: readonly InspectedFile[]
  /** What was found inside them: members of archives. */
  readonly members: readonly AuditedFile[]
  /** The worst first. */
  readonly findings: readonly (Finding & { readonly fingerprint: string })[]
  /** What every rule came to, so that what was tested can be told from what was not. */
  readonly outcomes: readonly RuleOutcome[]
  readonly verdict: AuditVerdict
  /** Digest of the rules. */
  readonly rules: string
}

/** Puts artefact and report into the form of the contract. */
export function toInspection({ id, size, digests, files }: Artefact, report: AuditReport): Inspection {
  const audited = new Map(report.files.map((file) => [file.path, file]))
  const fingerprints = fingerprintsOf(report.findings)
  return {
    schema: 'tidewaiter/inspection/v1',
    artefact: { id, size, digests },
    files: files.map((file) => {
      const { path, size: bytes, sha256 } = file
      const judged = audited.get(path) ?? { path, format: 'unknown', verdict: 'inconclusive', reason: 'not audited' }
      return { ...judged, size: bytes, sha256 }
    }),
    members: report.files.filter(({ container }) => container !== undefined),
    findings: report.findings.map((finding, index) => ({ ...finding, fingerprint: fingerprints[index] ?? '' })),
    outcomes: report.outcomes,
    verdict: report.verdict,
    rules: report.rules,
    ...(report.assurance === undefined ? {} : { assurance: report.assurance }),
    ...(report.readers === undefined ? {} : { readers: report.readers }),
  }
}
