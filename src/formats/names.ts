/** Names that came from a file, as they may stand in a message; one way for all readers. */
export { hasOddCharacters, quoteName } from './gguf/text.ts'
