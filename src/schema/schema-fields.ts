import type * as z from "zod/mini";
import type { DocumentPath } from "./document-path.ts";

/**
 * @returns the names of the fields of an object at the path; an empty list if the value is not an object or may have
 * any fields
 */
export function listFields(schema: z.core.$ZodType, path: DocumentPath): readonly string[] {
  const { def } = (schema as z.core.$ZodTypes)._zod;
  const [key, ...rest] = path;
  switch (def.type) {
    case "optional":
    case "nullable":
    case "default":
      return listFields(def.innerType, path);
    case "union":
      return def.options.flatMap((option) => listFields(option, path));
    case "array":
      return key === undefined ? [] : listFields(def.element, rest);
    case "record":
      return key === undefined ? [] : listFields(def.valueType, rest);
    case "object": {
      if (key === undefined) return Object.keys(def.shape);
      const inner = Object.hasOwn(def.shape, key) ? def.shape[String(key)] : undefined;
      return inner === undefined ? [] : listFields(inner, rest);
    }
    default:
      return [];
  }
}
