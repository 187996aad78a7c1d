/**
 * Whether the head of a file is XML with a certain root element.
 */
import type { Glimpse } from '../reader.ts'

/** What may stand before the root: a mark, a declaration, comments, instructions, a document type. */
const BEFORE =
  '^(?:\\xef\\xbb\\xbf)?\\s{0,64}(?:<\\?[^>]{0,400}\\?>\\s{0,64}){0,8}(?:<!--[^>]{0,1000}-->\\s{0,64}){0,8}(?:<!DOCTYPE[^<]{0,200}(?:\\[[^\\]]{0,2000}\\]\\s{0,8}>|>)\\s{0,64})?(?:<!--[^>]{0,1000}-->\\s{0,64}){0,8}'

/** A test for a root element of that name that has one of the attributes, when any are given. */
export function xmlHead(name: string, attributes?: string): (glimpse: Glimpse) => boolean {
  const rest = attributes === undefined ? '[\\s>/]' : `\\s[^>]{0,1000}\\b(?:${attributes})\\s{0,4}=`
  const expression = new RegExp(`${BEFORE}<${name}${rest}`)
  return ({ head }) => expression.test(Buffer.from(head.buffer, head.byteOffset, head.length).toString('latin1'))
}
