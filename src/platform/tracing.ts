import { context, type Span, SpanKind, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { CodedError } from './coded-error.ts'

/**
 * Traces by OpenTelemetry, off unless the standard `OTEL_EXPORTER_OTLP_ENDPOINT` says where they go.
 *
 * Why no private value can be in one: a span has a name from our own code and facts of the few kinds below, all of them
 * templates, identifiers of our own text, counts and codes. There is no way to add another attribute, an exception's
 * message or an event, and what callers send along (`traceparent`, `baggage`) is not taken over.
 */
export interface SpanFacts {
  'http.request.method'?: string
  /** The route's template, never the address. */
  'http.route'?: string
  'http.response.status_code'?: number
  /** A verb and a table: `SELECT care.look`. */
  'db.query.summary'?: string
  'db.system.name'?: 'postgresql'
  'countersign.entries'?: number
  'countersign.rows'?: number
  /** An error's stable code. */
  'error.type'?: string
}

export interface Tracing {
  /** Sends what has ended. */
  flush(): Promise<void>
  /** Sends what has ended, and traces nothing more. */
  close(): Promise<void>
}

type Env = Readonly<Record<string, string | undefined>>

/** Null while nobody asked for traces: then nothing below costs anything. */
let tracer: Tracer | null = null

/** Begins to trace this process if the environment says where traces go; null when it does not. */
export async function startTracing(env: Env, about: { version: string }): Promise<Tracing | null> {
  const wanted = env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? env.OTEL_EXPORTER_OTLP_ENDPOINT
  if (wanted === undefined || wanted === '' || env.OTEL_SDK_DISABLED === 'true') return null
  if (!URL.canParse(wanted) || !/^https?:$/.test(new URL(wanted).protocol))
    throw new CodedError(
      'config-invalid',
      'OTEL_EXPORTER_OTLP_ENDPOINT must be an address that begins with http:// or https://',
    )
  const [sdk, { OTLPTraceExporter }, { resourceFromAttributes }, { AsyncLocalStorageContextManager }] =
    await Promise.all([
      import('@opentelemetry/sdk-trace'),
      import('@opentelemetry/exporter-trace-otlp-http'),
      import('@opentelemetry/resources'),
      import('@opentelemetry/context-async-hooks'),
    ])
  const manager = new AsyncLocalStorageContextManager().enable()
  context.setGlobalContextManager(manager)
  const provider = new sdk.TracerProvider({
    resource: resourceFromAttributes({
      'service.name': env.OTEL_SERVICE_NAME ?? 'countersign',
      'service.version': about.version,
    }),
    spanProcessors: [new sdk.BatchSpanProcessor({ exporter: new OTLPTraceExporter() })],
  })
  tracer = provider.getTracer('countersign', about.version)
  return {
    flush: () => provider.forceFlush(),
    async close() {
      tracer = null
      // A receiver that is gone is no reason not to stop.
      await provider.shutdown().catch(() => {})
      context.disable()
    },
  }
}

/** Does `work` in a span of its own; `tell` adds facts that are known only afterwards. */
export async function inSpan<T>(
  name: string,
  facts: SpanFacts,
  work: (tell: (more: SpanFacts) => void) => Promise<T>,
): Promise<T> {
  if (tracer === null) return work(() => {})
  return tracer.startActiveSpan(name, { attributes: { ...facts } }, async (span) => {
    try {
      return await work((more) => span.setAttributes({ ...more }))
    } catch (error) {
      failed(span, error)
      throw error
    } finally {
      span.end()
    }
  })
}

/** Begins a span for one statement inside a traced piece of work, or gives null: what nobody asked for is not traced. */
export function beginStatement(text: string): ((error: unknown) => void) | null {
  if (tracer === null || trace.getActiveSpan() === undefined) return null
  const summary = summaryOf(text)
  const span = tracer.startSpan(summary, {
    kind: SpanKind.CLIENT,
    attributes: { 'db.system.name': 'postgresql', 'db.query.summary': summary } satisfies SpanFacts,
  })
  return (error) => {
    if (error !== null && error !== undefined) failed(span, error)
    span.end()
  }
}

/** The ids by which a line of the log is found from its trace; nothing outside of one. */
export function traceFields(): { trace_id: string; span_id: string } | Record<string, never> {
  const active = tracer === null ? undefined : trace.getActiveSpan()?.spanContext()
  return active === undefined ? {} : { trace_id: active.traceId, span_id: active.spanId }
}

const OPEN = Symbol('span')
type Traced = FastifyRequest & { [OPEN]?: Span | undefined }

/** Traces every request by its method and route template. Call before routes and other hooks are added. */
export function traceRequests(app: Pick<FastifyInstance, 'addHook'>): void {
  app.addHook('onRequest', (request, _reply, done) => {
    if (tracer === null) return done()
    const route = request.routeOptions.url ?? 'not found'
    const { method } = request
    const span = tracer.startSpan(`${method} ${route}`, {
      root: true,
      kind: SpanKind.SERVER,
      attributes: { 'http.request.method': method, 'http.route': route } satisfies SpanFacts,
    })
    ;(request as Traced)[OPEN] = span
    context.with(trace.setSpan(context.active(), span), done)
  })
  // A body arrives by events of the connection, which know nothing of the request's context.
  app.addHook('preValidation', (request, _reply, done) => {
    const span = (request as Traced)[OPEN]
    if (span === undefined) return done()
    context.with(trace.setSpan(context.active(), span), done)
  })
  app.addHook('onResponse', (request, reply, done) => {
    endRequest(request, reply)
    done()
  })
  app.addHook('onRequestAbort', (request, done) => {
    endRequest(request, null)
    done()
  })
}

function endRequest(request: FastifyRequest, reply: FastifyReply | null): void {
  const traced = request as Traced
  const span = traced[OPEN]
  if (span === undefined) return
  traced[OPEN] = undefined
  if (reply !== null) {
    span.setAttribute('http.response.status_code', reply.statusCode)
    if (reply.statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR })
  }
  span.end()
}

/** Marks a span as failed by the error's code alone: its message may say anything. */
function failed(span: Span, error: unknown): void {
  const { code } = error as { code?: unknown }
  const type =
    typeof code === 'string' && /^[A-Z0-9]{5}$|^[A-Za-z][A-Za-z_-]{0,60}$/.test(code) ? code : 'error'
  span.setAttribute('error.type', type)
  span.setStatus({ code: SpanStatusCode.ERROR })
}

const VERB = /^[\s(]*(?:WITH\b[\s\S]*?\b(?=INSERT|UPDATE|DELETE|SELECT))?([A-Z]+)/i
const TABLE = /\b(?:FROM|INTO|UPDATE|JOIN|TABLE|COPY)\s+"?([a-z_]{1,40})"?\."?([a-z_]{1,60})"?/i

/** A statement's verb and first table; nothing else of its text. */
function summaryOf(text: string): string {
  const verb = VERB.exec(text)?.[1]?.toUpperCase() ?? 'QUERY'
  const [, schema, table] = TABLE.exec(text) ?? []
  return table === undefined ? verb.slice(0, 20) : `${verb.slice(0, 20)} ${schema}.${table}`
}
