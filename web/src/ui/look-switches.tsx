import { useComputedColorScheme, useMantineColorScheme } from '@mantine/core'
import { useLanguage } from '../language.ts'

/** Language and light or dark, where there is no menu of a person yet. */
export function LookSwitches() {
  const { say, language, setLanguage } = useLanguage()
  const { setColorScheme } = useMantineColorScheme()
  const scheme = useComputedColorScheme('light')
  const other = language === 'en' ? 'my' : 'en'
  return (
    <div className="line">
      <button type="button" className="chip" lang={other} onClick={() => setLanguage(other)}>
        {say('app.language')}
      </button>
      <button
        type="button"
        className="chip"
        onClick={() => setColorScheme(scheme === 'dark' ? 'light' : 'dark')}
      >
        {scheme === 'dark' ? say('app.light') : say('app.dark')}
      </button>
    </div>
  )
}
