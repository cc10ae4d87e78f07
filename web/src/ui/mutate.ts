import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useLanguage } from '../language.ts'

/** A change that is told of when it is done, and after which what it touched is read again. */
export function useChange<Input>(
  run: (input: Input) => Promise<unknown>,
  touches: readonly string[],
  done?: () => void,
) {
  const client = useQueryClient()
  const { say } = useLanguage()
  return useMutation({
    mutationFn: run,
    onSuccess: async () => {
      await Promise.all(touches.map((key) => client.invalidateQueries({ queryKey: [key] })))
      notifications.show({
        message: say('person.done'),
        closeButtonProps: { 'aria-label': say('act.close') },
      })
      done?.()
    },
  })
}
