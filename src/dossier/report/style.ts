/** The style sheet of the report: the reader's own fonts, no network, fit for paper. */

/** CSS, to stand inside a `style` element. */
export const REPORT_STYLE = `
:root{color-scheme:light}
body{font:16px/1.5 system-ui,sans-serif;color:#111;background:#fff;max-width:72rem;margin:0 auto;padding:1.5rem}
h1{font-size:2rem;margin:.2em 0}h2{margin-top:2.5rem;border-bottom:1px solid #b1b4b6}h3{margin-top:2rem}
table{border-collapse:collapse;width:100%;font-size:.9rem}th,td{text-align:left;vertical-align:top;padding:.4rem .6rem;border-bottom:1px solid #b1b4b6}
td.number,th.number{text-align:right;white-space:nowrap}code{font-size:.85em;overflow-wrap:anywhere}code.digest{word-break:break-all;font-size:.7em}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.3rem 1.5rem}dt{font-weight:600}dd{margin:0}
.decision{border:5px solid;padding:1rem 1.5rem;margin:1rem 0}.decision p{margin:.3rem 0}
.green{border-color:#00703c}.amber{border-color:#b58105}.red{border-color:#d4351c}
.grade{text-transform:uppercase;font-size:.8em}.dangerous,.major{color:#aa1d06}.minor{color:#6b4c00}
.scroll{overflow-x:auto}.candidate{border-left:5px solid #b1b4b6;padding-left:1rem}svg text{font:11px system-ui,sans-serif;fill:#111}
small{color:#484949}.skip{position:absolute;left:-999px}.skip:focus{left:1rem}
@media(max-width:40rem){dl{grid-template-columns:1fr}}
@media print{body{max-width:none;padding:0;font-size:10pt}.scroll{overflow:visible}section,tr,svg{break-inside:avoid}h2{break-after:avoid}}
`
