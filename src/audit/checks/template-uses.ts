/**
 * What the syntax tree of a template shows, weighed: what leads to the interpreter, what is not Jinja's own, what
 * explodes, and what is told only when somebody says a certain word.
 *
 * The lists below are of what templates of honest models use, and of what has no other use than to get out of Jinja.
 */
import type { TemplateFact, TemplateUse } from '../../formats/index.ts'
import { quote } from '../wording.ts'

/** Rounds that no conversation needs. */
const MUCH = 1_000_000
const INTERNAL = /^__\w+__$/

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(/\s+/).filter((word) => word !== ''))
}

/** Attributes through which Python's frames, functions and modules are reached without any underscore at both ends. */
const INNER_ATTRIBUTES = words(`
  mro func_globals func_code func_closure func_defaults im_func im_self im_class f_globals f_locals f_builtins f_back
  f_code gi_frame gi_code cr_frame cr_code ag_frame ag_code tb_frame tb_next co_code co_consts environ subprocess
  builtins sys_modules _module`)
/** Methods that run something, on whatever object. */
const RUNNING_METHODS = words(`
  system popen Popen check_output check_call getoutput getstatusoutput spawnl spawnv execv execve eval exec
  import_module urlopen urlretrieve load_module exec_module run_module run_path mro`)
/** Functions that no engine gives to templates and that lead out of them. */
const RUNNING_CALLS = words(`
  eval exec compile open getattr setattr delattr globals locals vars dir input breakpoint __import__ import_module
  system popen type super memoryview`)
/** What Jinja itself and the engines give to templates. */
const KNOWN_CALLS = words(`
  raise_exception strftime_now range namespace dict cycler joiner caller loop tojson chr now str int len list
  get_current_date generation`)
const KNOWN_METHODS = words(`
  strip lstrip rstrip split rsplit splitlines startswith endswith replace upper lower title capitalize items keys
  values get append pop insert extend update join index find rfind rindex count format isdigit isalpha isalnum isspace
  isnumeric isdecimal isupper islower istitle removeprefix removesuffix setdefault copy zfill partition rpartition
  swapcase casefold center ljust rjust expandtabs sort reverse clear remove add next cycle changed isoformat strftime
  encode decode discard union intersection difference date tojson`)
const KNOWN_FILTERS = words(`
  abs attr batch capitalize center count d default dictsort e escape filesizeformat first float forceescape format
  groupby indent int items join last length list lower map max min pprint random reject rejectattr replace reverse
  round safe select selectattr slice sort string striptags sum title tojson trim truncate unique upper urlencode
  urlize wordcount wordwrap xmlattr fromjson from_json strip is_defined`)

function isDunder({ kind, name }: TemplateUse): boolean {
  return ['attribute', 'method', 'built', 'call', 'filter', 'gadget'].includes(kind) && INTERNAL.test(name)
}

/** What a use of each kind leads to, when it is one of the listed names. */
function namedReachOf({ kind, name }: TemplateUse): string | undefined {
  if (kind === 'attribute' && INNER_ATTRIBUTES.has(name)) return `the template reaches for ${quote(name)}`
  if (kind === 'method' && RUNNING_METHODS.has(name)) return `the template calls ${quote(name)} of an object`
  if (kind === 'call' && RUNNING_CALLS.has(name)) return `the template calls ${quote(name)}`
  return kind === 'filter' && name === 'attr'
    ? 'the template picks attributes of objects by the filter attr()'
    : undefined
}

function reachOf(use: TemplateUse): string | undefined {
  const { kind, name } = use
  if (kind === 'built') return `the template puts the name ${quote(name)} together from pieces`
  if (isDunder(use)) return `the template reaches for ${quote(name)}`
  if (kind === 'gadget') return `the template uses ${quote(name)}, which leads to the program that renders it`
  if (kind === 'computed') return 'the template picks an attribute whose name is made up while rendering'
  return kind === 'format' ? `a format string picks attributes: ${quote(name)}` : namedReachOf(use)
}

/** What in a template leads to the interpreter. */
export function reachIn({ uses }: TemplateFact): string | undefined {
  return uses.map(reachOf).find((message) => message !== undefined)
}

function foreignOf(use: TemplateUse): string | undefined {
  const { kind, name } = use
  if (reachOf(use) !== undefined) return undefined
  if (kind === 'call' && !KNOWN_CALLS.has(name)) return `the template calls ${quote(name)}, which Jinja does not have`
  if (kind === 'method' && !KNOWN_METHODS.has(name))
    return `the template calls the method ${quote(name)}, which no value of a conversation has`
  if (kind === 'filter' && !KNOWN_FILTERS.has(name))
    return `the template uses the filter ${quote(name)}, which Jinja does not have`
  return undefined
}

/** What a template calls that is neither Jinja's nor a method of plain values. */
export function foreignIn({ uses }: TemplateFact): string | undefined {
  return uses.map(foreignOf).find((message) => message !== undefined)
}

/** What makes a template explode. */
export function growthIn({ rounds, uses }: TemplateFact): string | undefined {
  if (rounds >= MUCH) return `loops over fixed ranges make ${rounds} rounds`
  const growth = uses.find(({ kind }) => kind === 'growth')
  return growth === undefined ? undefined : `the template can grow without bound: ${growth.name}`
}

function wordingOf({ kind, name, detail = '' }: TemplateUse): string | undefined {
  if (kind === 'trigger') return `when a conversation holds ${quote(name)}, the model is told ${quote(detail)}`
  if (kind === 'address') return `the text of the template holds the address ${quote(name)}`
  return kind === 'order' ? `the text of the template tells the model: ${quote(name)}` : undefined
}

/** Sentences that are told on a condition, addresses, and orders to hide something. */
export function wordingIn({ uses }: TemplateFact): readonly string[] {
  return uses.map(wordingOf).filter((message) => message !== undefined)
}
