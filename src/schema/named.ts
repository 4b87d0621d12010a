import * as z from "zod/mini";

/**
 * Names a schema: it becomes a component of the OpenAPI document. A copy, so that schemas made from it do not inherit
 * the name.
 */
export function named<Schema extends z.ZodMiniType>(name: string, schema: Schema): Schema {
  const own = schema.clone(schema.def, { parent: true });
  z.globalRegistry.add(own, { id: name });
  return own;
}
