/**
 * The dossier: all evidence about one consignment as one content-addressed document.
 *
 * It holds values made by the stages before it and says nothing of its own but the decision. It carries no time and
 * no path of the machine, so that the same bytes, the same register and the same version give the same dossier.
 */
import type { Artefact } from '../artefact/index.ts'
import type { AuditReport } from '../audit/index.ts'
import type { Comparison } from '../lineage/index.ts'

/** green: nothing to say; amber: with advisories or to be looked at; red: refused. */
export type Channel = 'green' | 'amber' | 'red'

/** Exit codes of `clear` follow: 0, 0, 20, 30. */
export type DecisionKind = 'cleared' | 'cleared-with-advisories' | 'held' | 'refused'

/** One numbered reason: which condition of the policy, on what evidence. */
export interface Reason {
  readonly number: number
  /** Id of the condition in the policy. */
  readonly condition: string
  readonly outcome: DecisionKind
  /** For a person. */
  readonly message: string
  /** What it rests on: rule ids, file paths, tests. */
  readonly evidence: readonly string[]
}

/** What the policy made of the evidence. */
export interface Decision {
  readonly decision: DecisionKind
  readonly channel: Channel
  readonly reasons: readonly Reason[]
  readonly policy: { readonly id: string; readonly version: string; readonly digest: string }
}

/** Exit code of `clear` for each decision. */
export const EXIT_CODES: Readonly<Record<DecisionKind, number>> = {
  cleared: 0,
  'cleared-with-advisories': 0,
  held: 20,
  refused: 30,
}

/** One candidate that the artefact was traced against. */
export interface TraceCandidate {
  readonly artefact: { readonly ref: string; readonly id: string }
  /** What the register last decided about it; `unknown` when it is not in the register. */
  readonly standing: DecisionKind | 'unknown'
  readonly comparison: Comparison
}

/** A model that was compared in full and shows no sign of kinship: no proof that there is none. */
export interface TracedStranger {
  readonly artefact: { readonly ref: string; readonly id: string }
  /** Of all tests together, after family-wise control. */
  readonly log10p: number
  readonly untested: readonly string[]
  readonly method: { readonly version: string; readonly seed: string }
}

/** What tracing found. */
export interface TraceReport {
  readonly schema: 'tidewaiter/trace/v1'
  /** Id of the artefact. */
  readonly artefact: string
  /** SHA-256 of the fingerprint file; null when the artefact has no weights that can be traced. */
  readonly fingerprint: string | null
  /** Best first; only those of which there is something to say. */
  readonly candidates: readonly TraceCandidate[]
  /** Those that were compared in full, too, and of which there is nothing to say. */
  readonly withoutEvidence?: readonly TracedStranger[]
  /** Models that were screened, of which the most promising were compared in full; absent when nothing was traced. */
  readonly screened?: number
  /** Why there is no fingerprint, or how many models of the register were screened. */
  readonly note: string
}

/** See the module. */
export interface Dossier {
  readonly schema: 'tidewaiter/dossier/v1'
  readonly tool: { readonly name: 'tidewaiter'; readonly version: string }
  readonly artefact: Artefact
  /** SHA-256 of the canonical JSON of the facts, which stand beside the dossier as `facts.json`. */
  readonly facts: string
  readonly audit: AuditReport
  readonly trace: TraceReport
  readonly decision: Decision
}
