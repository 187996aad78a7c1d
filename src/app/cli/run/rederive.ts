/** The run of `tidewaiter rederive`: run a declared transform again and hold the child against what comes out. */
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { parse } from 'yaml'
import { Fault, formatTime, sha256, showUnseen, systemClock, toFault } from '../../../base/index.ts'
import {
  describeModel,
  describeRederivation,
  signRederivation,
  type NamedModel,
  type RederivationRun,
} from '../../../certificate/index.ts'
import { loadSigner } from '../../keys/load-signer.ts'
import { describeIssuer } from '../../keys/own-issuer.ts'
import { rememberIssuer } from '../../log/issuers.ts'
import { openRecord } from '../../log/open-record.ts'
import { ensureRegisterFree, openRegister, type Register } from '../../../register/index.ts'
import type { Context } from '../../context.ts'
import {
  readRecipe,
  runTransform,
  TRANSFORMS,
  type Declared,
  type Recipe,
  type Rederivation,
  type Transform,
} from '../../../lineage/rederive/index.ts'
import { nameConsignment } from '../../clearance/consignment-name.ts'
import { openModel, type OpenedModel, type OpenOptions } from '../../clearance/open-model.ts'
import { readVersion } from '../../version.ts'
import { callContext, wantsJson } from '../call-context.ts'
import { usageFault, type CommandCall } from '../command.ts'
import { EXIT } from '../exit-codes.ts'

const LARGEST_RECIPE = 64 * 1024

interface Opened extends OpenedModel {
  readonly ref: string
}

interface Plan {
  readonly declared: Declared
  readonly parents: readonly Opened[]
}

async function open(ref: string, options: OpenOptions): Promise<Opened> {
  return { ref, ...(await openModel(ref, options)) }
}

function readRecipeFile(path: string): Recipe {
  try {
    const { size } = statSync(path)
    if (size > LARGEST_RECIPE) throw new Error(`${size} bytes; at most ${LARGEST_RECIPE}`)
    return readRecipe(parse(readFileSync(path, 'utf8'), { maxAliasCount: 0 }))
  } catch (cause) {
    if (cause instanceof Fault) throw cause
    throw new Fault('recipe', `the recipe ${path} cannot be read: ${toFault(cause).message}`, { cause })
  }
}

function transformOf(call: CommandCall): Transform {
  const implied = call.value('adapter') === undefined ? (call.value('recipe') === undefined ? 'gguf' : 'merge') : 'lora'
  const named = call.value('as') ?? implied
  const transform = TRANSFORMS.find((each) => each === named)
  if (transform === undefined) throw usageFault(`--as is "${named}"; it can be ${TRANSFORMS.join(', ')}`)
  return transform
}

async function planMerge(call: CommandCall, parent: Opened, options: OpenOptions): Promise<Plan> {
  const path = call.value('recipe')
  if (path === undefined) throw usageFault('a merge is run again by its recipe; give --recipe FILE')
  const recipe = readRecipeFile(path)
  const models: Opened[] = []
  for (const { ref } of recipe.models)
    models.push(ref === recipe.base || ref === parent.ref ? parent : await open(ref, options))
  const base = recipe.base === null ? null : parent
  return {
    declared: { transform: 'merge', recipe, models, base },
    parents: base === null || models.includes(base) ? models : [...models, base],
  }
}

async function plan(call: CommandCall, options: OpenOptions): Promise<Plan> {
  const transform = transformOf(call)
  const parent = await open(call.positionals[0] ?? '', options)
  if (transform === 'merge') return planMerge(call, parent, options)
  if (transform !== 'lora') return { declared: { transform, parent }, parents: [parent] }
  const ref = call.value('adapter')
  if (ref === undefined) throw usageFault('a LoRA merge is run again with its adapter; give --adapter REF')
  const adapter = await open(ref, options)
  return { declared: { transform, parent, adapter }, parents: [parent, adapter] }
}

/** Under the name that strangers may read: no path of this machine. */
function nameModel({ opened: { artefact } }: Opened): NamedModel {
  return { name: nameConsignment(artefact.source), ...artefact.digests }
}

interface About {
  readonly result: Rederivation
  readonly child: Opened
  readonly parents: readonly Opened[]
}

interface Wishes {
  readonly context: Context
  /** Says it on the public record. */
  readonly log: boolean
}

function describeRun({ result, child, parents }: About): RederivationRun {
  const others = result.tensors.filter(({ outcome }) => outcome !== 'equal').map(({ name }) => name)
  const claim = {
    outcome: result.outcome,
    transform: { name: result.transform, order: result.order },
    parameters: result.parameters,
    performedAt: formatTime(systemClock.now()),
    tool: { name: 'tidewaiter', version: readVersion() },
    tensors: {
      total: result.tensors.length,
      equal: result.tensors.length - others.length,
      digest: sha256(result.tensors.map((tensor) => tensor.sha256 ?? '').join('\n')),
      others,
    },
  }
  for (const { opened } of [child, ...parents]) opened.confirmUnchanged()
  return { child: nameModel(child), parents: parents.map(nameModel), claim }
}

/** A child that came out bit for bit is of the family of its parent; another founds one of its own. */
async function findFamily({ result, child, parents }: About, register: Register): Promise<string> {
  const [parent] = parents
  const known =
    result.outcome !== 're-derived' || parent === undefined
      ? undefined
      : await register.statements.familyOf(parent.opened.artefact.id)
  return known ?? `tf1:${child.opened.artefact.digests.dirHash}`
}

/** Says it on the record of the child. @throws Fault those of register and log */
async function sayPublicly(about: About, context: Context): Promise<string> {
  const said = describeRun(about)
  const key = await loadSigner(context)
  rememberIssuer(context, key.keyId)
  const register = await openRegister(context.register)
  try {
    const record = await openRecord(context, register, key)
    const { bundle } = await record.say({
      kind: 're-derivation',
      subject: describeModel(said.child.name, said.child),
      modelId: about.child.opened.artefact.id,
      familyId: await findFamily(about, register),
      issuer: describeIssuer(context.settings, key.keyId),
      issuedAt: said.claim.performedAt,
      content: describeRederivation(said),
    })
    return bundle
  } finally {
    await register.close()
  }
}

/** Signs the outcome and writes the bundle. @throws Fault `cannot-write` and those of key, register and log */
async function writeStatement(path: string, about: About, options: Wishes): Promise<void> {
  const { context, log } = options
  const bundle = log
    ? await sayPublicly(about, context)
    : (await signRederivation(describeRun(about), await loadSigner(context))).bundle
  try {
    writeFileSync(path, bundle)
  } catch (cause) {
    throw new Fault('cannot-write', `${path} cannot be written: ${toFault(cause).message}`, { cause })
  }
}

function render({ outcome, transform, order, parameters, reasons, tensors }: Rederivation): string {
  const declared = Object.entries(parameters).map(([name, value]) => `${name} ${value}`)
  const others = tensors.filter((tensor) => tensor.outcome !== 'equal').slice(0, 20)
  return [
    `${outcome.toUpperCase()}  as ${transform}${declared.length === 0 ? '' : ` (${declared.join('; ')})`}: ${order}`,
    ...reasons.map((reason) => `  - ${reason}`),
    ...others.map(
      ({ name, type, outcome: each, different, elements, furthest }) =>
        `  ${each.padEnd(11)} ${showUnseen(name)} ${type}${each === 'different' ? `: ${different} of ${elements}, at most ${furthest.toPrecision(3)}` : ''}`,
    ),
  ].join('\n')
}

/** Runs the command; gives its exit code. */
export async function run(call: CommandCall): Promise<number> {
  const { terminal, signal } = call
  const context = callContext(call)
  const options = { context, terminal, signal, hfCache: call.has('hf-cache'), blocks: false }
  const path = call.value('statement')
  const log = call.has('log')
  if (log && path === undefined) throw usageFault('--log is for a signed statement; give --statement FILE')
  if (log) await ensureRegisterFree(context.register.place)
  const { declared, parents } = await plan(call, options)
  const child = await open(call.positionals[1] ?? '', options)
  const stage = terminal.stage('rederive')
  const result = runTransform(child, declared, { signal })
  stage.done(result.outcome)
  if (path !== undefined) await writeStatement(path, { result, child, parents }, { context, log })
  terminal.print(wantsJson(call) ? JSON.stringify(result, null, 2) : render(result))
  return EXIT.done
}
