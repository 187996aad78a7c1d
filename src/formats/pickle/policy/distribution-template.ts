/**
 * The text that scipy's distributions keep and run when they are unpickled.
 *
 * `rv_generic.__setstate__` gives `_parse_arg_template` to `exec`. Scipy makes it of names of parameters alone; a text
 * of any other form is a program of whoever wrote the file.
 * Source: scipy `stats/_distn_infrastructure.py` (parse_arg_template, _attach_argparser_methods).
 */

const SHAPES = String.raw`(?:[A-Za-z]\w*, )*`
const PLACE_IN = String.raw`loc=0(?:, scale=1)?`
const PLACE_OUT = String.raw`loc, (?:scale|1)`

/** What such a text may be. */
export const DISTRIBUTION_TEMPLATE = new RegExp(
  [
    '',
    String.raw`def _parse_args\(self, ${SHAPES} ${PLACE_IN}\):`,
    String.raw`    return \(${SHAPES}\), ${PLACE_OUT}`,
    '',
    String.raw`def _parse_args_rvs\(self, ${SHAPES} ${PLACE_IN}, size=None\):`,
    String.raw`    return self\._argcheck_rvs\(${SHAPES} ${PLACE_OUT}, size=size\)`,
    '',
    String.raw`def _parse_args_stats\(self, ${SHAPES} ${PLACE_IN}, moments='mv'\):`,
    String.raw`    return \(${SHAPES}\), ${PLACE_OUT}, moments`,
    '',
  ]
    .join('\n')
    .replace(/^/, '^')
    .concat('$'),
)
