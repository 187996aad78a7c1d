/** The uses for which a model is declared on the command line, against which its licences are held. */
import { DECLARED_USES, type DeclaredUse } from '../../audit/index.ts'
import { usageFault, type CommandCall } from './command.ts'

function toUse(word: string): DeclaredUse {
  const use = DECLARED_USES.find((known) => known === word)
  if (use === undefined) throw usageFault(`--use is "${word}"; it can be ${DECLARED_USES.join(', ')}`)
  return use
}

/** What the rules are told of it; empty when no use is given. @throws Fault `usage` for a use that is not known */
export function declaredUses(call: CommandCall): { readonly uses?: readonly DeclaredUse[] } {
  const words = call.values('use')
  return words.length === 0 ? {} : { uses: [...new Set(words.map(toUse))] }
}
