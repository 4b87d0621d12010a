import type * as z from "zod/mini";
import type { Path } from "./path.ts";

/** @returns the names of the fields that an object may have there; none where it is no object, or may have any */
export function fieldsAt(schema: z.core.$ZodType, path: Path): readonly string[] {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  const [key, ...rest] = path;
  switch (def.type) {
    case "optional":
    case "nullable":
    case "default":
      return fieldsAt(def.innerType, path);
    case "union":
      return def.options.flatMap((option) => fieldsAt(option, path));
    case "array":
      return key === undefined ? [] : fieldsAt(def.element, rest);
    case "record":
      return key === undefined ? [] : fieldsAt(def.valueType, rest);
    case "object": {
      if (key === undefined) return Object.keys(def.shape);
      const inner = Object.hasOwn(def.shape, key) ? def.shape[String(key)] : undefined;
      return inner === undefined ? [] : fieldsAt(inner, rest);
    }
    default:
      return [];
  }
}
