/** How far two clocks may differ before one of them is taken to be wrong. */

/** In ms. */
export const CLOCK_SKEW = 5 * 60 * 1000
