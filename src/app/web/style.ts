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
.tw-command{white-space:pre-wrap;overflow-wrap:anywhere;background:#f3f2f1;padding:10px;margin:5px 0 15px;font-size:1rem}
.tw-status{border:5px solid;padding:15px 20px;margin:0 0 30px}.tw-green{border-color:#00703c}.tw-amber{border-color:#b58105}.tw-red{border-color:#d4351c}
.tw-dead{border-color:#505a5f;border-style:dashed}.tw-small{font-size:1rem}.tw-number{font-size:1.5rem;letter-spacing:.05em}
.tw-reply{margin:10px 0;padding:5px 15px;border-left:5px solid #1d70b8}.tw-reply .govuk-body{margin-bottom:5px}
.tw-code{float:right;width:220px;margin:0 0 15px 20px}.tw-code svg{width:100%;height:auto;background:#fff}.tw-check::after{content:"";display:block;clear:both}
.tw-code .tw-mono{font-size:.8rem}@media (min-width:40.0625em){.tw-facts .govuk-summary-list__key{width:25%}.tw-facts .govuk-summary-list__value{width:75%}}
@media (max-width:40em){.tw-code{float:none;margin:0 0 15px}}
@media print{html,body{background:#fff!important}.govuk-generic-header,.govuk-footer,.govuk-skip-link,form,nav,.tw-noprint{display:none}
@page{size:A4;margin:12mm}.govuk-width-container{margin:0;max-width:none}.govuk-main-wrapper{padding:0}
.tw-certificate{font-size:10pt;line-height:1.25}.tw-certificate :is(.govuk-body,.govuk-list,.govuk-summary-list,dt,dd,li){font-size:10pt;line-height:1.25;margin-bottom:4pt}
.tw-certificate h1{font-size:20pt;margin-bottom:6pt}.tw-certificate h2{font-size:12pt;margin:6pt 0 3pt}.tw-certificate .govuk-caption-xl{font-size:12pt}
.tw-certificate .tw-mono,.tw-certificate .tw-small{font-size:8.5pt}.tw-certificate .govuk-summary-list__row{display:flex;border-bottom:.5pt solid #b1b4b6}.tw-certificate .govuk-summary-list__key{flex:0 0 42mm;padding:1pt 0}.tw-certificate .govuk-summary-list__value{padding:1pt 0;flex:1}
.tw-status{padding:6pt 10pt;margin-bottom:6pt;print-color-adjust:exact}.tw-status h2{font-size:18pt}.tw-limits,.tw-check,.tw-reply,.tw-status{break-inside:avoid}.tw-code{width:38mm}.tw-certificate .tw-code .tw-mono{font-size:6.5pt}a[href]::after{content:none!important}}
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
