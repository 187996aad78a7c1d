/** The files of a calibration: tables as data and as text, the summary that verdicts cite, and the plots. */
import { summaryOf, type Calibration } from './calibration.ts'
import { plotNull, plotPower } from './tables/plots.ts'
import { renderTables } from './tables/render.ts'

/** Contents by file name. */
export function calibrationFiles(calibration: Calibration): ReadonlyMap<string, string> {
  return new Map([
    ['tables.json', `${JSON.stringify(calibration, null, 2)}\n`],
    ['tables.md', `# Calibration\n\n${renderTables(calibration)}`],
    ['summary.json', `${JSON.stringify(summaryOf(calibration), null, 2)}\n`],
    ['null.svg', plotNull(calibration.tables.null)],
    ['power.svg', plotPower(calibration.tables.power)],
  ])
}
