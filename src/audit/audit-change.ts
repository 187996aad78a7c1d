/**
 * What a later audit of the same facts says otherwise.
 *
 * Rules are written after models came in. Facts were kept, so a new rule can be run over every model that was ever
 * opened, without its bytes; what matters then is the difference. Findings are the same when their fingerprints are.
 *
 * Guarantee: pure; the same two reports give the same change.
 */
import { FILE_VERDICTS, type AuditReport, type AuditVerdict, type Finding } from './finding.ts'
import { fingerprintsOf } from './fingerprint.ts'

/** See the module. */
export interface AuditChange {
  readonly verdict: { readonly before: AuditVerdict; readonly now: AuditVerdict }
  /** Findings that the earlier report did not have, the worst first. */
  readonly added: readonly Finding[]
  /** Findings of the earlier report that the rules of today do not make. */
  readonly gone: readonly Finding[]
  /** Formats whose reader has another version today: what the new reader would see needs the bytes. */
  readonly staleReaders: readonly string[]
}

function without(findings: readonly Finding[], others: readonly Finding[]): readonly Finding[] {
  const known = new Set(fingerprintsOf(others))
  const fingerprints = fingerprintsOf(findings)
  return findings.filter((_, index) => !known.has(fingerprints[index] ?? ''))
}

/** Compares two reports on the same facts. `readers` are those of this version. */
export function compareAudits(
  before: AuditReport,
  now: AuditReport,
  readers: NonNullable<AuditReport['readers']>,
): AuditChange {
  const made = new Map((now.readers ?? []).map(({ format, version }) => [format, version]))
  const used = new Set(now.files.map(({ format }) => format))
  return {
    verdict: { before: before.verdict, now: now.verdict },
    added: without(now.findings, before.findings),
    gone: without(before.findings, now.findings),
    staleReaders: readers
      .filter(({ format, version }) => used.has(format) && made.get(format) !== version)
      .map(({ format }) => format),
  }
}

/** Whether the verdict of today is worse. @example isWorse({ before: 'proved', now: 'defect' }) // true */
export function isWorse({ before, now }: AuditChange['verdict']): boolean {
  return FILE_VERDICTS.indexOf(now) > FILE_VERDICTS.indexOf(before)
}
