/** Parts that the results share, in the forms of the design system. */
import { element, type Child } from './element.ts'

/** Rows of a list that are shown at most. */
export const MOST_ROWS = 1_000

/** A paragraph. */
export const paragraph = (...children: readonly Child[]): HTMLElement =>
  element('p', { class: 'govuk-body' }, ...children)
/** A heading below the verdict. */
export const heading = (text: string): HTMLElement => element('h3', { class: 'govuk-heading-m' }, text)
/** A digest, path or code. */
export const mono = (text: string): HTMLElement => element('span', { class: 'tw-mono' }, text)

/** One row of a summary list. */
export function row(key: string, value: Child): HTMLElement {
  return element(
    'div',
    { class: 'govuk-summary-list__row' },
    element('dt', { class: 'govuk-summary-list__key' }, key),
    element('dd', { class: 'govuk-summary-list__value' }, value),
  )
}
