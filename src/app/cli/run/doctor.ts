/** The run of `tidewaiter doctor`: what this machine lacks, what that costs, and how to get it. */
import { formatBytes } from '../../../base/index.ts'
import { accessSync, constants, existsSync, statfsSync } from 'node:fs'
import { availableParallelism, totalmem } from 'node:os'
import { dirname } from 'node:path'
import type { Context } from '../../context.ts'
import { callContext, wantsJson } from '../call-context.ts'
import type { CommandCall } from '../command.ts'
import { EXIT } from '../exit-codes.ts'

interface Diagnosis {
  readonly what: string
  readonly state: 'good' | 'note' | 'bad'
  readonly found: string
  /** What to do; empty when nothing is to be done. */
  readonly remedy: string
}

function existingAncestor(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : existingAncestor(dirname(path))
}

function diagnoseNode(): Diagnosis {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const good = major > 24 || (major === 24 && minor >= 15)
  return {
    what: 'Node.js',
    state: good ? 'good' : 'bad',
    found: process.version,
    remedy: good ? '' : 'run `npm ci` in the checkout: it brings Node 24',
  }
}

function diagnosePermissions(): Diagnosis {
  const good = process.allowedNodeEnvironmentFlags.has('--permission')
  return {
    what: 'process permissions',
    state: good ? 'good' : 'bad',
    found: good ? 'readers run in a process that may only read the artefact' : 'missing',
    remedy: good ? '' : 'use Node 24.15 or later',
  }
}

function diagnoseHome({ places }: Context): Diagnosis {
  const folder = existingAncestor(places.home)
  try {
    accessSync(folder, constants.W_OK)
  } catch {
    return {
      what: 'home folder',
      state: 'bad',
      found: `${folder} is not writable`,
      remedy: 'choose another with --home or TIDEWAITER_HOME',
    }
  }
  const { bavail, bsize } = statfsSync(folder)
  const free = bavail * bsize
  const state = free < 2 ** 30 ? 'note' : 'good'
  return {
    what: 'home folder',
    state,
    found: `${places.home}, ${formatBytes(free)} free`,
    remedy: state === 'note' ? 'downloads need the size of the model; choose another with --home' : '',
  }
}

async function diagnoseRegister({ register }: Context): Promise<Diagnosis> {
  const where = 'folder' in register.place ? register.place.folder : 'PostgreSQL'
  if ('folder' in register.place && !existsSync(register.place.folder)) {
    return { what: 'register', state: 'good', found: `${where}: made at the first clearance`, remedy: '' }
  }
  try {
    const { openRegister } = await import('../../../register/index.ts')
    const open = await openRegister(register)
    const { models, clearances } = await open.count()
    await open.close()
    return {
      what: 'register',
      state: 'good',
      found: `${where}: ${models} models, ${clearances} clearances`,
      remedy: '',
    }
  } catch (thrown) {
    return {
      what: 'register',
      state: 'bad',
      found: (thrown as Error).message,
      remedy: 'stop the other process, or set another with --register or DATABASE_URL',
    }
  }
}

function diagnoseHub({ environment }: Context): Diagnosis {
  const endpoint = environment['HF_ENDPOINT'] ?? 'https://huggingface.co'
  const token = environment['HF_TOKEN'] === undefined ? 'no token' : 'with a token'
  return {
    what: 'hub',
    state: 'good',
    found: `${endpoint}, ${token}`,
    remedy: environment['HF_TOKEN'] === undefined ? 'for gated models set HF_TOKEN; for a mirror HF_ENDPOINT' : '',
  }
}

function diagnoseMachine(): Diagnosis {
  const memory = totalmem()
  const state = memory < 2 ** 30 ? 'note' : 'good'
  return {
    what: 'machine',
    state,
    found: `${availableParallelism()} processors, ${formatBytes(memory)} memory`,
    remedy: state === 'note' ? 'the embedded register takes half a gigabyte; use DATABASE_URL' : '',
  }
}

/** Runs the command; gives its exit code. */
export async function run(call: CommandCall): Promise<number> {
  const context = callContext(call)
  const found = [
    diagnoseNode(),
    diagnosePermissions(),
    diagnoseMachine(),
    diagnoseHome(context),
    await diagnoseRegister(context),
    diagnoseHub(context),
  ]
  const bad = found.filter(({ state }) => state === 'bad')
  if (wantsJson(call))
    call.terminal.print(
      JSON.stringify({ schema: 'tidewaiter/diagnosis/v1', ready: bad.length === 0, diagnoses: found }, null, 2),
    )
  else {
    for (const { what, state, found: shown, remedy } of found) {
      call.terminal.print(
        `${state.padEnd(5)} ${what.padEnd(20)} ${shown}${remedy === '' ? '' : `\n${' '.repeat(27)}${remedy}`}`,
      )
    }
    call.terminal.print(
      bad.length === 0 ? '\nThis machine is ready.' : `\n${bad.length} to mend before this machine is ready.`,
    )
  }
  return bad.length === 0 ? EXIT.done : EXIT.fault
}
