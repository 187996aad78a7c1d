/**
 * The impostor panel: is the candidate nearer to the suspect than models that have nothing to do with it?
 *
 * The bound of the fixed-point test rests on an assumption about training. This one rests on none of it, but on the
 * register: if the candidate were only another model of its shape, its score would be as likely as any other to be the
 * highest, whatever makes scores high. Of n others of which k score at least as much, p = (k + 1) / (n + 1). It cannot
 * fall below 1 / (n + 1), so it confirms and never replaces the bound; of two guarantees the weaker one is what counts.
 *
 * Guarantee: if candidate and panel are exchangeable given the suspect, P(p ≤ α) ≤ α. Kin of the suspect among the
 * panel only raise p.
 * Source: V. Vovk, A. Gammerman, G. Shafer, Algorithmic Learning in a Random World (2005), section 2.2.
 */

/** What the panel says. */
export interface ImpostorPanel {
  /** Models of the register of the same shape, the candidate and the suspect not counted. */
  readonly models: number
  /** How many of them score at least as high as the candidate. */
  readonly atLeast: number
  /** (atLeast + 1) / (models + 1). */
  readonly p: number
  /** Whether there are enough models for it to mean much. */
  readonly enough: boolean
}

/** Models from which a panel is worth quoting. */
export const PANEL_ENOUGH = 200

/**
 * Ranks a candidate among others.
 *
 * @param score the candidate's, larger is more alike
 * @param others the scores of all others of its shape, the candidate's own left out
 * @example
 * rankAmong(3, [1, 2, 3, 4]).p // 0.6
 */
export function rankAmong(score: number, others: readonly number[]): ImpostorPanel {
  const atLeast = others.filter((other) => other >= score).length
  const models = others.length
  return { models, atLeast, p: (atLeast + 1) / (models + 1), enough: models >= PANEL_ENOUGH }
}
