/** `tidewaiter key`: the key that signs, and the keyring that says which keys may say what. */
import type { Command } from '../command.ts'
import { HOME_OPTION } from '../setting-options.ts'

/** See the module. */
export const keyCommand: Command = {
  name: 'key',
  summary: 'show, replace and revoke keys, and keep the keyring that says what each may sign',
  usage: 'ACTION …',
  positionals: { least: 1, most: 65 },
  options: [
    { name: 'keyring', value: 'FILE', help: 'the keyring (default: stations.json beside the signing key)' },
    { name: 'role', value: 'ROLE', multiple: true, help: 'role of a key, or a role whose keys count in a quorum' },
    { name: 'unit', value: 'NAME', help: 'office or station that holds the key' },
    { name: 'allow', value: 'TYPE', multiple: true, help: 'statement that it may sign: clearance, mot-result, …' },
    { name: 'from', value: 'TIME', help: 'when it begins: 2026-11-23T00:00:00Z (default: now; wanted by revoke)' },
    { name: 'until', value: 'TIME', help: 'when it ends (default: open)' },
    { name: 'next', value: 'PEM', help: 'public key that takes over, when it lies in a key service or module' },
    { name: 'overlap', value: 'DAYS', help: 'days on which both keys hold (default: 30)' },
    { name: 'reason', value: 'WORD', help: 'compromised or withdrawn (default: compromised)' },
    { name: 'threshold', value: 'N', help: 'units that must agree' },
    { name: 'out', value: 'FILE', help: 'where to write the keyring, or the joined statement' },
    HOME_OPTION,
  ],
  description: `Actions:
  show                  the key of this installation and the keyring
  make                  make the key of this installation, where the signer can make one
  add PEM               put a public key into the keyring: --role, --unit, --allow, --from, --until
  rotate [KEYID]        replace this installation's key, or a key by its id with --next: --from, --overlap
  revoke KEYID          void what a key signed at a time or later, or without trusted time: --from, --reason
  quorum DECISION       how many units must sign a decision that bites: --threshold, --role
  join BUNDLE…          put bundles over one decision together and count its quorum: --out
  export-keyring        print the keyring, or write it: --out

A key is never taken out of the keyring: what it signed while it was good stays good.`,
  examples: [
    'tidewaiter key add officer.pub.pem --role officer --unit dover --allow clearance',
    'tidewaiter key revoke 9f2c… --from 2026-11-20T08:00:00Z',
  ],
  run: async (call) => (await import('../run/key/index.ts')).run(call),
}
