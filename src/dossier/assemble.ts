/**
 * Assembly of a dossier, and the form in which it is kept.
 *
 * The dossier is a folder: `dossier.json` (canonical, content-addressed), `facts.json`, the fingerprint, and whatever
 * was made of them (report, certificate). Its name is the digest of `dossier.json`.
 */
import { canonicalJson, sha256 } from '../base/index.ts'
import type { Evidence } from './decide.ts'
import type { Decision, Dossier } from './dossier.ts'

/** What goes into a dossier. */
export interface DossierParts extends Evidence {
  readonly version: string
  /** SHA-256 of the canonical JSON of the facts. */
  readonly facts: string
  readonly decision: Decision
}

/** A dossier with its bytes and their digest. */
export interface AssembledDossier {
  readonly dossier: Dossier
  /** Canonical JSON. */
  readonly text: string
  /** SHA-256 of `text`. */
  readonly digest: string
}

/** Puts the parts together; the same parts give the same bytes. */
export function assembleDossier({ version, artefact, facts, audit, trace, decision }: DossierParts): AssembledDossier {
  const tool = { name: 'tidewaiter', version } as const
  const dossier: Dossier = { schema: 'tidewaiter/dossier/v1', tool, artefact, facts, audit, trace, decision }
  const text = canonicalJson(dossier)
  return { dossier, text, digest: sha256(text) }
}
