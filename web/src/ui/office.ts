import { OFFICES } from '../../../src/staff/staff.ts'
import { useLanguage } from '../language.ts'

/** An office's name in the reader's language; what is no office of ours is shown as it is. */
export function useOffice(): (id: string) => string {
  const { pick } = useLanguage()
  return (id) => {
    const office = OFFICES.find((o) => o.id === id)
    return office === undefined ? id : pick(office.words)
  }
}
