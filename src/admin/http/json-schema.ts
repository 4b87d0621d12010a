import * as z from "zod/mini";

/** The named schemas of an OpenAPI document. */
export class Components {
  readonly #schemas = new Map<string, object>();

  /** Sorted by name. */
  get schemas(): Readonly<Record<string, object>> {
    return Object.fromEntries([...this.#schemas].toSorted(([one], [other]) => (one < other ? -1 : 1)));
  }

  /**
   * Converts a schema. Zod puts named schemas into `$defs` beside the root, where no `$ref` of an OpenAPI document can
   * reach them: they become components.
   * @throws Error if two different schemas have one name
   */
  convert(schema: z.ZodMiniType, io: "input" | "output"): object {
    const { $schema: _, $defs = {}, ...root } = z.toJSONSchema(schema, { io, unrepresentable: "any" });
    for (const [name, definition] of Object.entries($defs)) this.#add(name, lift(definition) as object);
    return lift(root) as object;
  }

  #add(name: string, schema: object): void {
    const before = this.#schemas.get(name);
    if (before !== undefined && JSON.stringify(before) !== JSON.stringify(schema))
      throw new Error(`Two schemas have the name ${name}.`);
    this.#schemas.set(name, schema);
  }
}

export function componentRef(name: string): object {
  return { $ref: `#/components/schemas/${name}` };
}

function lift(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(lift);
  if (typeof schema !== "object" || schema === null) return schema;
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) =>
      key === "$ref" && typeof value === "string"
        ? [key, value.replace("#/$defs/", "#/components/schemas/")]
        : [key, lift(value)],
    ),
  );
}
