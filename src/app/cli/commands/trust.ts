/** `tidewaiter trust`: the TUF repository by which keys and roots reach those who verify. */
import type { Command } from '../command.ts'
import { HOME_OPTION } from '../setting-options.ts'

/** See the module. */
export const trustCommand: Command = {
  name: 'trust',
  summary: 'keep and refresh the repository by which keyrings and trusted roots are distributed',
  usage: 'ACTION …',
  positionals: { least: 1, most: 2 },
  options: [
    { name: 'root-key', value: 'PEM', multiple: true, help: 'public key of a keyholder of the root (five, say)' },
    { name: 'threshold', value: 'N', help: 'keyholders who must sign, more than half (default: 3)' },
    { name: 'targets-key', value: 'PEM', help: 'public key that signs what is distributed' },
    { name: 'snapshot-key', value: 'PEM', help: 'public key that signs which versions belong together' },
    { name: 'timestamp-key', value: 'PEM', help: 'public key that says each day what is newest' },
    { name: 'days', value: 'N', help: 'days for which the root holds (default: 365)' },
    { name: 'previous', value: 'FILE', help: 'the root before, when its keyholders sign the next one' },
    { name: 'digest', value: 'HEX', help: 'digest that was told to the keyholder; another root is not signed' },
    { name: 'signer', value: 'URI', help: 'key that signs, as the setting signer names it' },
    { name: 'targets-signer', value: 'URI', help: 'signer of targets (default: --signer)' },
    { name: 'snapshot-signer', value: 'URI', help: 'signer of snapshots (default: --signer)' },
    { name: 'timestamp-signer', value: 'URI', help: 'signer of timestamps (default: --signer)' },
    { name: 'root', value: 'FILE', help: 'a signed root to be published, or the first root of refresh' },
    {
      name: 'target',
      value: 'FILE',
      multiple: true,
      help: 'all that is distributed: stations.json, trusted_root.json, …',
    },
    { name: 'from', value: 'URL', help: 'address of the repository' },
    { name: 'out', value: 'FILE', help: 'where to write the root' },
    HOME_OPTION,
  ],
  description: `Actions:
  init                plan the first root, unsigned: --root-key (each), --targets-key, --snapshot-key, --timestamp-key, --out
  rotate ROOT         plan the root that follows one; what is not named stays: the same options
  show-root ROOT      what a root says, its digest, and who signed it
  sign-root ROOT      add one keyholder's signature, where the key lies: --signer, --digest, --previous
  publish FOLDER      publish a signed root, targets, or, with neither, today's timestamp: --root, --target, the signers
  refresh             fetch what is trusted now into the home folder: --from, and --root the first time
  show                what is trusted here, and until when

A root is planned once and signed by one keyholder after another, each on a machine of their own; compare the digest that
is printed before you sign. The first root reaches clients by hand; everything after follows from it.`,
  examples: [
    'tidewaiter trust sign-root 1.root.json --signer file:/media/key',
    'tidewaiter trust publish /srv/trust --target stations.json --signer awskms:///alias/trust',
    'tidewaiter trust refresh --from https://trust.example --root 1.root.json',
  ],
  run: async (call) => (await import('../run/trust/index.ts')).run(call),
}
