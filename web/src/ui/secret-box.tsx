import { TextInput } from '@mantine/core'
import { useState } from 'react'
import { useLanguage } from '../language.ts'
import { Act } from './act.tsx'

interface SecretBoxProps {
  label: string
  busy: boolean
  /** Called with what was typed; the box is empty again at that moment. */
  onSecret: (secret: string) => void
  /** Digits only: a phone shows its number keys. */
  digits?: boolean
}

/** A box that can be written and not read: nothing shows, not even how much was typed, and nothing stays. */
export function SecretBox({ label, busy, onSecret, digits = true }: SecretBoxProps) {
  const { say } = useLanguage()
  const [typed, setTyped] = useState('')
  return (
    <form
      className="secret stack"
      autoComplete="off"
      onSubmit={(event) => {
        event.preventDefault()
        if (typed === '' || busy) return
        onSecret(typed)
        setTyped('')
      }}
    >
      <TextInput
        type="password"
        label={label}
        description={say('secret.hint')}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        autoComplete="off"
        inputMode={digits ? 'numeric' : 'text'}
        maxLength={digits ? 16 : 128}
        data-1p-ignore
      />
      <Act type="submit" busy={busy} why={typed === '' ? say('secret.missing') : null}>
        {say('secret.check')}
      </Act>
    </form>
  )
}
