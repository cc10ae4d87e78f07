import type { StaffFacts } from '../staff/staff.ts'
import type { LawfulParties } from './parties.ts'
export async function certificateDraft(
  _room: LawfulParties,
  _year: number,
  _staff: StaffFacts,
  _statement: string,
) {}
export async function signCertificate(_room: LawfulParties, _staff: StaffFacts, _asked: object) {}
export async function certificates(_room: LawfulParties) {}
