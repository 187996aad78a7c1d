/**
 * Which matrices only training fills.
 *
 * Causal masks, tables of sines, cosines and slopes, lists of positions come out of formulas; unrelated models of one
 * program hold the same ones, bit for bit. That such a matrix is equal says nothing of descent. So equality counts as a
 * sign of kinship only
 *
 * - in a role that is drawn at random and then learned: projections, routers, tables of tokens and patches. A table of
 *   positions or of token types may be a formula; and of a tensor without a role (`other`) nothing is known;
 * - in a matrix that varies: not nearly all zero, and along its drawn rows more than one number in twenty is another
 *   than the one before it. Masks, identities and other runs of constants are told apart by this, matrices of three
 *   levels are not.
 *
 * Where roles are guessed from shapes, `smooth-rows.ts` looks for tables of positions that pass for others.
 */
import type { Role } from './families/family.ts'
import type { PartSample } from './part-sample.ts'

const FORMULA_ROLES: readonly Role[] = ['position-embedding', 'type-embedding', 'other']

/** True for roles whose matrices are drawn at random and then learned. */
export function isLearnedRole(role: Role): boolean {
  return !FORMULA_ROLES.includes(role)
}

/** More than this share of drawn elements must differ from the one before in their row. */
const LEAST_CHANGES = 0.05
/** A larger share of zeros leaves too little to tell. */
const MOST_ZEROS = 0.99

/** True for a matrix that is no constant and no pattern of runs; see the module. */
export function isVaried({ elements, zerosA, unlikeLast, squareA }: PartSample): boolean {
  return elements > 0 && squareA > 0 && zerosA < MOST_ZEROS * elements && unlikeLast > LEAST_CHANGES * elements
}

/** A line for the list of what was not tested; none when nothing of the kind was equal. */
export function othersNote(equalOthers: number): string[] {
  return equalOthers === 0
    ? []
    : [
        `${equalOthers} equal ${equalOthers === 1 ? 'matrix' : 'matrices'} of positions or of no known role: formulas give unrelated models the same ones, so they count for nothing`,
      ]
}
