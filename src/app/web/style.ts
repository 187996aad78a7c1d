/**
 * The style sheet of the public pages: GOV.UK Frontend with the reader's own fonts.
 *
 * A service outside GOV.UK may use the design system but not its typeface, crest or name; so the typeface is replaced
 * by the system's and everything that points to the crown's files is taken out (design: office-and-web, section 7).
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const OWN = `
.tw-mono{font-family:ui-monospace,monospace;font-size:1rem;overflow-wrap:anywhere}
.tw-scroll{overflow-x:auto}.tw-status,.govuk-body,.govuk-list,h1{overflow-wrap:anywhere}.govuk-summary-list__value{overflow-wrap:anywhere}code{overflow-wrap:anywhere}
.tw-status{border:5px solid;padding:15px 20px;margin:0 0 30px}.tw-green{border-color:#00703c}.tw-amber{border-color:#b58105}.tw-red{border-color:#d4351c}
@media print{.govuk-generic-header,.govuk-footer,form{display:none}}
`

/** The style sheet, without any reference to a font or image file. */
export function loadStyleSheet(): string {
  const path = createRequire(import.meta.url).resolve('govuk-frontend/dist/govuk/govuk-frontend.min.css')
  const sheet = readFileSync(path, 'utf8')
    .replaceAll(/@font-face\{[^}]*\}/g, '')
    .replaceAll('GDS Transport,arial,sans-serif', 'system-ui,sans-serif')
    .replaceAll(/url\(\/assets\/[^)]*\)/g, 'none')
    .replace(/\/\*#[^*]*\*\//, '')
  return `${sheet}${OWN}`
}
