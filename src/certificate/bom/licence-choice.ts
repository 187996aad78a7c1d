/**
 * A declared licence as an SPDX licence expression.
 *
 * Hubs write short names (`apache-2.0`), vendors write names that SPDX does not list. The first become the identifier of
 * the list; anything else becomes a `LicenseRef-`, which says that it is somebody's own and loses no letter that SPDX
 * allows. Several declarations all hold, so they are joined by AND.
 *
 * Source: SPDX 3.0.1, annex on licence expressions; SPDX licence list (package spdx-license-ids).
 */
import spdxIds from 'spdx-license-ids/index.json' with { type: 'json' }

const IDS: ReadonlyMap<string, string> = new Map(spdxIds.map((id) => [id.toLowerCase(), id] as const))

/** The identifier of the SPDX list, or undefined when the list does not have it. @example spdxIdOf('apache-2.0') // 'Apache-2.0' */
export function spdxIdOf(declared: string): string | undefined {
  return IDS.get(declared.trim().toLowerCase())
}

/** A `LicenseRef-` for a name that SPDX does not list. @example licenceRefOf('llama 3.1') // 'LicenseRef-llama-3.1' */
export function licenceRefOf(declared: string): string {
  const name = declared.trim().replaceAll(/[^A-Za-z0-9.-]+/g, '-')
  return `LicenseRef-${name === '' ? 'unnamed' : name.slice(0, 100)}`
}

/** One expression for all declared licences; null when none was declared. */
export function licenceExpression(declared: readonly string[]): string | null {
  const terms = [...new Set(declared.map((name) => spdxIdOf(name) ?? licenceRefOf(name)))]
  return terms.length === 0 ? null : terms.join(' AND ')
}
