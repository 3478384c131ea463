import { fold } from '@msp-console/contract'

/** Marks where `q` stands in `text`, without regard to case and diacritics. */
export function Highlight({ text, q }: { text: string; q: string }) {
  const range = findFolded(text, q)
  if (range === null) return <>{text}</>
  return (
    <>
      {text.slice(0, range.start)}
      <mark>{text.slice(range.start, range.end)}</mark>
      {text.slice(range.end)}
    </>
  )
}

/** Where the folded `q` stands in `text`, in positions of the original; folding may change the length of a text. */
export function findFolded(text: string, q: string): { start: number; end: number } | null {
  const wanted = fold(q.trim())
  if (wanted === '') return null
  const starts: number[] = []
  let folded = ''
  let position = 0
  for (const letter of text) {
    for (const part of fold(letter)) {
      folded += part
      for (let unit = 0; unit < part.length; unit += 1) starts.push(position)
    }
    position += letter.length
  }
  starts.push(position)
  const at = folded.indexOf(wanted)
  if (at < 0) return null
  const start = starts[at] ?? 0
  const last = starts[at + wanted.length - 1] ?? start
  const after = starts.slice(at + wanted.length).find((each) => each > last) ?? text.length
  return { start, end: after }
}
