/** A package that was handed to an authority with rows of one holder's log in it. */
export interface GivenPackage {
  /** Our serial of the request. */
  readonly serial: string
  readonly at: number
  /** The first month it tells of, from epoch seconds. */
  readonly from: number
  readonly rows: number
}

/** What authorities were given, as the trace desk has to know it; the room that keeps requests fills it in. */
export interface Packages {
  delivered(tenure: string): Promise<readonly GivenPackage[]>
}
