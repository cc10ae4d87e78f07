import type { FastifySchemaCompiler } from 'fastify'
import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { Value } from 'typebox/value'

/**
 * Compiles a schema once, at registration. Bodies are taken as they are; parts of the address are text, so what
 * does not fit as it stands is converted (`"2"` to 2) and tried again: most requests convert nothing. The rest of an
 * address (`*`) never is: it is text, and conversion takes the names of fields for patterns, which `*` is not.
 */
export const compileValidator: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const compiled = Compile(schema)
  const { properties = {} } = schema as { properties?: object }
  const converts = httpPart !== 'body' && !Object.hasOwn(properties, '*')
  return (value) => {
    if (compiled.Check(value)) return { value }
    if (!converts) return { error: compiled.Errors(value) }
    const converted = Value.Convert(schema, value)
    return compiled.Check(converted) ? { value: converted } : { error: compiled.Errors(converted) }
  }
}

/**
 * Closes every object in a schema of something from outside, so that a field nobody asked for is refused, never
 * dropped. Changes the schema itself; parts of an `allOf` stay open, since each sees the others' fields.
 */
export function closeObjects(schema: unknown): void {
  if (typeof schema !== 'object' || schema === null) return
  const node = schema as Record<string, unknown>
  if (node.type === 'object' && node.properties !== undefined && node.additionalProperties === undefined) {
    node.additionalProperties = false
  }
  for (const [key, value] of Object.entries(node)) {
    if (key === 'properties') for (const property of Object.values(value as object)) closeObjects(property)
    else if (key === 'items' && !Array.isArray(value)) closeObjects(value)
    else if (key === 'anyOf' || key === 'oneOf' || key === 'items') {
      for (const member of value as unknown[]) closeObjects(member)
    }
  }
}
