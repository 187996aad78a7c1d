/**
 * What licences of models ask of those who use or pass on a model: which uses they exclude, and whether what is made of
 * the model must stay under the same terms.
 *
 * Only what the texts say outright is listed. Whether a use falls under an exclusion is for a person to decide.
 *
 * Source: the texts of the licences as their publishers give them; SPDX for the identifiers.
 */
import { namedLicences } from './licences.ts'
import type { DeclaredUse } from './options.ts'

/** The terms of a family of licences. */
export interface LicenceTerms {
  /** Begins with this, in lower case. */
  readonly licence: string
  /** Uses that the licence excludes, or allows under conditions only. */
  readonly excludes: readonly DeclaredUse[]
  /** same: what is made of the model stays under these terms; none: nothing may be made of it and passed on. */
  readonly derivatives: 'free' | 'same' | 'none'
}

function terms(
  licence: string,
  derivatives: LicenceTerms['derivatives'],
  ...excludes: readonly DeclaredUse[]
): LicenceTerms {
  return { licence, excludes, derivatives }
}

/** The first entry that fits counts: the longer beginnings stand first. */
const TERMS: readonly LicenceTerms[] = [
  terms('llama', 'same', 'military', 'medical', 'legal'),
  terms('gemma', 'same', 'medical', 'legal'),
  terms('creativeml-openrail', 'same', 'medical', 'legal', 'surveillance'),
  terms('openrail', 'same', 'medical', 'legal', 'surveillance'),
  terms('bigscience-', 'same', 'medical', 'legal', 'surveillance'),
  terms('bigcode-openrail', 'same', 'medical', 'legal'),
  terms('deepfloyd', 'same', 'commercial'),
  terms('deepseek', 'same', 'military'),
  terms('qwen-research', 'same', 'commercial'),
  terms('tongyi-qianwen-research', 'same', 'commercial'),
  terms('flux-1-dev-non-commercial', 'same', 'commercial', 'military', 'surveillance'),
  terms('fair-noncommercial', 'same', 'commercial', 'military'),
  terms('stabilityai-nc', 'same', 'commercial'),
  terms('mnpl', 'same', 'commercial'),
  terms('mrl', 'same', 'commercial'),
  terms('apple-amlr', 'same', 'commercial'),
  terms('intel-research', 'same', 'commercial'),
  terms('exaone', 'same', 'commercial'),
  terms('cc-by-nc-nd', 'none', 'commercial'),
  terms('cc-by-nc-sa', 'same', 'commercial'),
  terms('cc-by-nc', 'free', 'commercial'),
  terms('cc-by-nd', 'none'),
  terms('cc-by-sa', 'same'),
  terms('agpl-3.0', 'same'),
  terms('gpl-', 'same'),
]

/** Base models whose licence is known by their name on the hub. */
const BASES: readonly (readonly [name: RegExp, licence: string])[] = [
  [/^meta-llama\/llama-2/i, 'llama2'],
  [/^meta-llama\/(?:meta-)?llama-3-/i, 'llama3'],
  [/^meta-llama\/(?:meta-)?llama-3\.1/i, 'llama3.1'],
  [/^meta-llama\/llama-3\.2/i, 'llama3.2'],
  [/^meta-llama\/llama-3\.3/i, 'llama3.3'],
  [/^meta-llama\/llama-4/i, 'llama4'],
  [/^google\/(?:code|pali|recurrent|shield)?gemma(?!-?4)/i, 'gemma'],
  [/^(?:runwayml|compvis|stable-diffusion-v1-5)\/stable-diffusion-v1/i, 'creativeml-openrail-m'],
  [/^stabilityai\/stable-diffusion-2/i, 'openrail++'],
  [/^stabilityai\/stable-diffusion-xl/i, 'openrail++'],
  [/^bigscience\/bloom/i, 'bigscience-bloom-rail-1.0'],
  [/^bigcode\/star/i, 'bigcode-openrail-m'],
  [/^black-forest-labs\/flux\.1-(?:dev|kontext-dev|fill-dev)/i, 'flux-1-dev-non-commercial-license'],
  [/^coherelabs\/(?:c4ai-)?(?:command|aya)/i, 'cc-by-nc-4.0'],
  [/^cohereforai\/(?:c4ai-)?(?:command|aya)/i, 'cc-by-nc-4.0'],
]

/** The terms of a licence, where they are listed. @example termsOf('llama3.1').derivatives // 'same' */
export function termsOf(licence: string): LicenceTerms | undefined {
  const name = licence.trim().toLowerCase()
  return TERMS.find((entry) => name.startsWith(entry.licence))
}

/** The licence of a known base model. @example licenceOfBase('meta-llama/Llama-3.1-8B') // 'llama3.1' */
export function licenceOfBase(model: string): string | undefined {
  return BASES.find(([name]) => name.test(model.trim()))?.[1]
}

/** Whether what is declared keeps the terms of a licence: it is of the same family, or names itself nothing that is known. */
export function keepsTerms(declared: readonly string[], base: LicenceTerms): boolean {
  const names = declared.flatMap((each) => namedLicences(each))
  if (names.length === 0) return true
  return names.some((name) => termsOf(name)?.licence === base.licence)
}
