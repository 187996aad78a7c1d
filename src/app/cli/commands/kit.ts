/** `tidewaiter kit`: registers a model that nobody may see, and examines others against it. */
import { type Command } from '../command.ts'
import { HF_CACHE_OPTION, HOME_OPTION, REGISTER_OPTION, THREADS_OPTION } from '../setting-options.ts'

/** See the module. */
export const kitCommand: Command = {
  name: 'kit',
  summary: 'register a secret model by a keyed kit, and examine others against it',
  usage: 'ACTION …',
  positionals: { least: 1, most: 4 },
  options: [
    { name: 'key', value: 'FILE', help: 'key of the registration' },
    { name: 'seed-from-registry', help: 'have this register issue the key; it is written beside the kit' },
    { name: 'secret', value: 'FILE', help: 'the vendor’s own secret for salts (default: one kept in home)' },
    { name: 'kit', value: 'FILE', help: 'the kit to examine against or to open' },
    { name: 'beacon', value: 'VALUE', help: 'public random value made known after the registration' },
    { name: 'challenge', value: 'FILE', help: 'the challenge to answer' },
    { name: 'registrant', value: 'NAME', help: 'who registers' },
    { name: 'against', value: 'REF', multiple: true, help: 'public model to hold a new kit against (repeatable)' },
    { name: 'cosine', value: 'C', help: 'threshold of two-party, 0.1 to 1 (default: 0.2)' },
    { name: 'dealt', value: 'FILE', help: 'what the dealer gave this party' },
    { name: 'out', value: 'PATH', help: 'where to write the result' },
    HF_CACHE_OPTION,
    THREADS_OPTION,
    HOME_OPTION,
    REGISTER_OPTION,
  ],
  description: `Actions:
  make MODEL                 write the kit of a model: --key or --seed-from-registry, --out
  examine SUSPECT            hold a model against a kit: --kit, --key
  register KIT               enter a kit with its time: --registrant, --key unless this register issued it, --against
  list                       registered kits, oldest first
  dispute show [ID]          disputes that registrations opened
  challenge KIT              choose three tensors to be opened: --beacon, --out
  open MODEL                 answer a challenge: --kit, --challenge, --key, --out FOLDER (holds the opened tensors)
  check-opening OPENING      recompute what was opened: --kit, --challenge, --key
  two-party deal             deal for a comparison of two secret models: --cosine, --out FOLDER
  two-party join MODEL       take part in it, in a folder that both see: --key (the same for both), --dealt, --out FOLDER

A kit shows kinship and no more, and its time shows who registered first, never who descends from whom.`,
  examples: [
    'tidewaiter kit make examples/oak --key kit.key --out oak.kit',
    'tidewaiter kit examine examples/oak-sft --kit oak.kit --key kit.key',
  ],
  run: async (call) => (await import('../run/kit/index.ts')).run(call),
}
