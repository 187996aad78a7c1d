/** The run of `tidewaiter calibrate`: our own error rates, measured on a zoo that is made again. */
import { setImmediate } from 'node:timers/promises'
import { calibrate, journalHead, renderTables, summaryOf } from '../../../lineage/calibration/index.ts'
import { wantsJson } from '../call-context.ts'
import { usageFault, type CommandCall } from '../command.ts'
import { EXIT } from '../exit-codes.ts'
import { forgetModels, modelStore, openJournal, writeCalibration } from './calibration-folder.ts'

const DEFAULT_FOLDER = 'calibration'
const LEAST_BASES = 4
const MOST_BASES = 500

function basesOf(call: CommandCall): { bases?: number } {
  const given = call.value('bases')
  if (given === undefined) return {}
  const bases = Number(given)
  if (!Number.isInteger(bases) || bases < LEAST_BASES || bases > MOST_BASES)
    throw usageFault(`--bases is "${given}"; it can be ${LEAST_BASES} to ${MOST_BASES}`)
  return { bases }
}

/** Runs the command; gives its exit code. */
export async function run(call: CommandCall): Promise<number> {
  const { terminal, signal } = call
  const folder = call.value('out') ?? DEFAULT_FOLDER
  const size = { ...basesOf(call), quick: call.has('quick') }
  const resume = call.has('resume')
  const journal = openJournal(folder, journalHead(size), resume)
  if (!resume) forgetModels(folder)
  const stage = terminal.stage('calibrate')
  const calibration = await calibrate({
    ...size,
    models: modelStore(folder),
    known: journal.known,
    signal,
    async onOutcome(outcome) {
      journal.append(outcome)
      await setImmediate()
    },
    onProgress: ({ done, total }) => stage.update(`${done} of ${total} pairs`),
  })
  const paths = writeCalibration(folder, calibration)
  stage.done(`${paths.length} files in ${folder}`)
  terminal.print(wantsJson(call) ? JSON.stringify(summaryOf(calibration), null, 2) : renderTables(calibration))
  return EXIT.done
}
