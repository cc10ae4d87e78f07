import { useLanguage } from '../language.ts'

const repeat = (text: string): string => Array.from({ length: 160 }, () => text).join('   ')

/** Who looks and when, over the rows. */
export function Watermark({ text }: { text: string }) {
  return <div className="watermark" aria-hidden="true" data-text={repeat(text)} />
}

/** On paper there is only this: who tried, when, and a refusal. */
export function PrintRefusal({ text }: { text: string }) {
  const { say } = useLanguage()
  return (
    <div className="print-refusal" aria-hidden="true">
      <p>{say('print.refused')}</p>
      <p>{repeat(text)}</p>
    </div>
  )
}
