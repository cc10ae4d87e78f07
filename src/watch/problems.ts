/** HTTP status of every refusal code of this room, for `app.addProblems`. */
export const WATCH_PROBLEMS: Readonly<Record<string, number>> = {
  'alert-not-found': 404,
  'alert-settled': 409,
  'alert-own': 403,
  'alert-own-office': 403,
  'second-person-needed': 409,
  'verdicts-differ': 409,
  'watch-already-off': 409,
  'watch-already-on': 409,
  'word-not-found': 404,
}
