import { useQuery } from '@tanstack/react-query'
import { casePeople } from '../api/case-people.ts'
import { Answer } from '../ui/state.tsx'
import { Communications } from './case-communications.tsx'
import { Notices } from './case-notices.tsx'
import { Representatives } from './case-representative.tsx'

/** The people of a case: what laws want said, what was said, and who speaks for the customer. */
export function CasePeople({ id }: { id: string }) {
  const people = useQuery({ queryKey: ['case-people', id], queryFn: () => casePeople.get(id), gcTime: 0 })
  return (
    <Answer query={people}>
      {(found) => (
        <>
          <Notices id={id} notices={found.notices} />
          <Communications id={id} people={found} />
          <Representatives id={id} people={found} />
        </>
      )}
    </Answer>
  )
}
