/**
 * Stryker's runner for the cases of `cases.ts`: they are held in the process that Stryker keeps, so that a mutant costs
 * milliseconds instead of a start of Node. Mutants in what runs once, at the import, get a fresh process from Stryker.
 */
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { declareClassPlugin, PluginKind } from '@stryker-mutator/api/plugin'
import { DryRunStatus, MutantRunStatus, TestStatus } from '@stryker-mutator/api/test-runner'

const TEST = 'cases'

class CaseRunner {
  #hold

  capabilities() {
    return { reloadEnvironment: false }
  }

  async #load() {
    this.#hold ??= await import(pathToFileURL(resolve('tools/mutation/hold.ts')).href)
    return this.#hold
  }

  async dryRun() {
    const { firstFailure } = await this.#load()
    globalThis.__stryker__ ??= {}
    globalThis.__stryker__.currentTestId = TEST
    const begun = performance.now()
    const failure = firstFailure()
    if (failure !== undefined) return { status: DryRunStatus.Error, errorMessage: failure }
    const tests = [{ id: TEST, name: TEST, status: TestStatus.Success, timeSpentMs: performance.now() - begun }]
    return { status: DryRunStatus.Complete, tests, mutantCoverage: globalThis.__stryker__.mutantCoverage }
  }

  async mutantRun({ activeMutant }) {
    globalThis.__stryker__ ??= {}
    globalThis.__stryker__.activeMutant = activeMutant.id
    const failure = await this.#fail()
    if (failure === undefined) return { status: MutantRunStatus.Survived, nrOfTests: 1 }
    return { status: MutantRunStatus.Killed, killedBy: [TEST], failureMessage: failure, nrOfTests: 1 }
  }

  async #fail() {
    try {
      const { firstFailure } = await this.#load()
      return firstFailure()
    } catch (thrown) {
      return String(thrown)
    }
  }
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, 'cases', CaseRunner)]
