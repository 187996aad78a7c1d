/**
 * Stryker's runner for the tests of `hold.ts`: they are held in the process that Stryker keeps, so that a mutant costs
 * milliseconds instead of a start of Node. For mutants in what runs once, at the import, the modules that may be
 * mutated are imported anew under another query.
 */
import { registerHooks } from 'node:module'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { declareClassPlugin, PluginKind } from '@stryker-mutator/api/plugin'
import { DryRunStatus, MutantRunStatus, TestStatus } from '@stryker-mutator/api/test-runner'

const AGAIN =
  /\/src\/formats\/pickle\/(canonical|sniff|engine\/|checker\/)|\/src\/testing\/pickle|\/tools\/mutation\/hold/

registerHooks({
  resolve(specifier, context, next) {
    const found = next(specifier, context)
    const run = /\?run=\d+$/.exec(context.parentURL ?? '')?.[0]
    return run !== undefined && AGAIN.test(found.url) ? { ...found, url: `${found.url}${run}` } : found
  },
})

class HoldRunner {
  #tests
  #run = 0

  capabilities() {
    return { reloadEnvironment: true }
  }

  async #load(again) {
    if (again || this.#tests === undefined) {
      this.#run += 1
      const url = `${pathToFileURL(resolve('tools/mutation/hold.ts')).href}?run=${this.#run}`
      this.#tests = (await import(url)).TESTS
    }
    return this.#tests
  }

  async dryRun() {
    const state = (globalThis.__stryker__ ??= {})
    const tests = []
    for (const [id, test] of await this.#load(false)) {
      state.currentTestId = id
      const begun = performance.now()
      const failure = test()
      if (failure !== undefined) return { status: DryRunStatus.Error, errorMessage: failure }
      tests.push({ id, name: id, status: TestStatus.Success, timeSpentMs: performance.now() - begun })
    }
    return { status: DryRunStatus.Complete, tests, mutantCoverage: state.mutantCoverage }
  }

  async mutantRun({ activeMutant, testFilter, reloadEnvironment, hitLimit }) {
    const state = (globalThis.__stryker__ ??= {})
    Object.assign(state, { activeMutant: activeMutant.id, hitCount: hitLimit === undefined ? undefined : 0, hitLimit })
    const failed = await this.#fail(reloadEnvironment, testFilter)
    if (failed.why === undefined) return { status: MutantRunStatus.Survived, nrOfTests: failed.count }
    const report = { killedBy: [failed.id], failureMessage: failed.why, nrOfTests: failed.count }
    return { status: MutantRunStatus.Killed, ...report }
  }

  async #fail(again, wanted) {
    let [count, id] = [0, 'forms']
    try {
      for (const [name, test] of await this.#load(again)) {
        if (wanted !== undefined && !wanted.includes(name)) continue
        id = name
        count += 1
        const why = test()
        if (why !== undefined) return { id, count, why }
      }
      return { id, count }
    } catch (thrown) {
      return { id, count, why: String(thrown) }
    }
  }
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, 'cases', HoldRunner)]
