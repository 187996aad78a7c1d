/** Finding the policy: the one that ships, or a file of the operator's. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Fault, toFault } from '../base/index.ts'
import { type CompiledPolicy, compilePolicy, readPolicy } from './policy.ts'

const DEFAULT_POLICY = join(import.meta.dirname, 'default-policy.json')

/**
 * Loads and compiles a policy.
 *
 * @param path file of a policy as JSON; without it the default policy that ships
 * @throws Fault `bad-policy` with the reason, `no-such-file`
 */
export function loadPolicy(path: string = DEFAULT_POLICY): CompiledPolicy {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (cause) {
    throw new Fault('no-such-file', `the policy ${path} cannot be read: ${toFault(cause).message}`, { cause })
  }
  try {
    return compilePolicy(readPolicy(JSON.parse(text)))
  } catch (thrown) {
    throw new Fault('bad-policy', `${path}: ${toFault(thrown).message}`, { cause: thrown })
  }
}
