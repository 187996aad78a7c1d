/** `tidewaiter peek`: a first look at a model that is not here. */
import type { Command } from '../command.ts'

/** See the module. */
export const peekCommand: Command = {
  name: 'peek',
  summary: 'look at the structure of a remote model before fetching it',
  usage: 'REF',
  positionals: { least: 1, most: 1 },
  options: [{ name: 'only', value: 'PATH', multiple: true, help: 'look at these files only' }],
  description: `Fetches the parts of each file that say what it is (headers, directories, pickles) by range requests: a few for each
file, whatever its size. REF is hf:org/name[@revision], an https address, s3://bucket/key or oci:registry/name:tag.
A peek can reject a model. It never clears one: the rest of the bytes may hold anything, and clear reads them all.
Exit code 0 nothing speaks against fetching it, 20 inconclusive, 30 rejected.`,
  examples: ['tidewaiter peek hf:org/name', 'tidewaiter peek https://models.example/model.gguf --format json'],
  run: async (call) => (await import('../run/peek.ts')).run(call),
}
