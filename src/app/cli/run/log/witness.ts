/** The run of `tidewaiter log witness`: cosigns what goes on from what it knows, until it is stopped. */
import { once } from 'node:events'
import { join } from 'node:path'
import { systemClock } from '../../../../base/index.ts'
import { loadOrCreateNoteKeys, readNoteKey, type NoteKey } from '../../../../certificate/index.ts'
import { cosigner, createWitness, nodeCryptography, openWitnessFile } from '../../../../log/index.ts'
import { createBareServer } from '../../../http/bare-server.ts'
import { addWitness } from '../../../http/log-witness.ts'
import { callContext } from '../../call-context.ts'
import { usageFault, type CommandCall } from '../../command.ts'
import { EXIT } from '../../exit-codes.ts'
import { requireOption } from '../kit/files.ts'

async function readLogs(vkeys: readonly string[]): Promise<ReadonlyMap<string, readonly NoteKey[]>> {
  if (vkeys.length === 0) throw usageFault('log witness needs --log with the public key of each log to be watched')
  const keys = await Promise.all(vkeys.map((vkey) => readNoteKey(vkey, nodeCryptography)))
  return Map.groupBy(keys, ({ name }) => name)
}

/** Runs the action; gives its exit code. */
export async function runWitness(call: CommandCall): Promise<number> {
  const context = callContext(call)
  const { settings, places, log } = context
  const name = requireOption(call, 'name')
  const logs = await readLogs(call.values('log'))
  const keys = await loadOrCreateNoteKeys(places.keys, `witness.${name}`)
  const signers = [keys.ed25519, keys.mlDsa44].map((privateKey) => cosigner({ name, privateKey, clock: systemClock }))
  const state = openWitnessFile(join(places.keys, `witness.${name}.sqlite`))
  const onFork = ({ known, offered }: { readonly known: string; readonly offered: string }): void =>
    log.error({ known, offered }, 'witness.fork')
  const server = createBareServer(log)
  try {
    addWitness(server, createWitness({ logs, signers, state, cryptography: nodeCryptography, onFork }))
    const address = await server.listen({ host: settings.host, port: settings.port })
    const lines = [`The witness ${name} of ${[...logs.keys()].join(', ')} answers at ${address}; stop with Ctrl-C.`]
    call.terminal.print([...lines, ...signers.map(({ vkey }) => vkey)].join('\n'))
    if (!call.signal.aborted) await once(call.signal, 'abort')
  } finally {
    await server.close()
    state.close()
  }
  return EXIT.done
}
