/** What we use of autocannon, which ships no types. */
declare module 'autocannon' {
  interface Request {
    method: string
    path: string
    headers: Record<string, string>
    body: string
  }
  interface Client {
    setRequest(request: Request): void
  }
  interface Result {
    readonly requests: { readonly average: number }
    /** Milliseconds. */
    readonly latency: { readonly p99: number }
    readonly non2xx: number
    readonly errors: number
  }
  function autocannon(options: {
    url: string
    connections: number
    duration: number
    setupClient?: (client: Client) => void
  }): Promise<Result>
  export = autocannon
}
