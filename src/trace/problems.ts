/** HTTP status of every refusal code of this room, for `app.addProblems`. */
export const TRACE_PROBLEMS: Readonly<Record<string, number>> = {
  'incident-not-found': 404,
  'list-empty': 422,
  'list-unreadable': 422,
  'list-too-long': 413,
  'list-twice': 422,
  'subject-unreadable': 422,
  'subject-not-ours': 404,
  'subject-not-found': 422,
  'trace-not-found': 404,
  'incident-not-open': 409,
  'incident-not-confirmed': 409,
  'incident-about-you': 403,
  'path-approvals-missing': 403,
  'path-ends-missing': 422,
}
