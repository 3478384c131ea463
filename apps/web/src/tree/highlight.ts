import { fold } from '@msp-console/contract'

/**
 * Where the folded text was found in a name as it is written, as [start, end) in UTF-16 units; null where it is not in it.
 * Folding may make a character longer or nothing (ß, a combining mark), so positions are carried over one by one.
 */
export function matchIn(name: string, text: string): readonly [number, number] | null {
  if (text === '') return null
  let folded = ''
  const starts: number[] = []
  const ends: number[] = []
  let index = 0
  for (const character of name) {
    const piece = fold(character)
    // What folds to nothing belongs to the character before it.
    if (piece === '' && ends.length > 0) ends[ends.length - 1] = index + character.length
    for (let i = 0; i < piece.length; i++) {
      starts.push(index)
      ends.push(index + character.length)
    }
    folded += piece
    index += character.length
  }
  const hit = folded.indexOf(text)
  const start = starts[hit]
  const end = ends[hit + text.length - 1]
  return hit < 0 || start === undefined || end === undefined ? null : [start, end]
}
