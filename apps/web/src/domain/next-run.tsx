import type { Account } from '@msp-console/contract'
import { useNow } from '../ui/age.tsx'
import { toNextSentence, toNextTitle, toNextWords } from './freshness.ts'

/** When the account runs next, in words that keep up with the clock; `sentence` where nothing else says what they are about. */
export function NextRun({ account, sentence = false }: { account: Account; sentence?: boolean }) {
  const now = useNow()
  return <span title={toNextTitle(account)}>{(sentence ? toNextSentence : toNextWords)(account, now)}</span>
}
