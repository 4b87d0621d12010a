import * as z from "zod/mini";
import { localizedText, template } from "../../src/templates/localized-text.ts";
import { variableName } from "../../src/templates/variable-names.ts";
import { topicSchema } from "../../src/topics/definition.ts";
import { findStepSchema, STEP_KIND_NAMES } from "../../src/topics/steps/catalog.ts";
import { jsonPath, requestSchema } from "../../src/topics/steps/request.ts";
import { silence, stepId } from "../../src/topics/steps/step-kind.ts";

/** The part of a JSON Schema that is read here. */
interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly const?: unknown;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly $ref?: string;
  readonly $schema?: string;
  readonly $defs?: unknown;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** Types that many fields have, described once. */
const SHARED: readonly { readonly name: string; readonly schema: z.ZodMiniType; readonly about: string }[] = [
  {
    name: "words",
    schema: localizedText,
    about:
      'A text to contacts, with Liquid for its variable parts; or one for each language: `{ "en": "Hello", "es": "Hola" }`',
  },
  { name: "template", schema: template, about: "A Liquid template for other purposes" },
  {
    name: "step",
    schema: stepId,
    about: "The id of a step: at most 64 lowercase letters, digits and hyphens, beginning with a letter",
  },
  {
    name: "variable",
    schema: variableName,
    about: "The name of a variable: at most 100 letters, digits and underscores, beginning with a lowercase letter",
  },
  { name: "path", schema: jsonPath, about: "Names and indexes in JSON, joined by dots: `orders.0.status`" },
];

/** Objects that several step kinds have, each with a separate table. */
const OBJECTS: readonly { readonly name: string; readonly schema: z.ZodMiniType; readonly about: string }[] = [
  { name: "silence", schema: silence, about: "What happens if the contact does not answer." },
  { name: "request", schema: requestSchema, about: "A request to your system." },
];

/** @returns every field of topics and of every step kind as Markdown, generated from the schemas */
export function reference(): string {
  const { steps: _, ...head } = schemaFor(topicSchema).properties ?? {};
  const steps = STEP_KIND_NAMES.map((kind) => {
    const schema = schemaFor(findStepSchema(kind) ?? z.never());
    const { kind: name, id: __, ...fields } = schema.properties ?? {};
    return `#### \`${kind}\`\n\n${name?.description ?? ""}.\n\n${table(rowsOf({ ...schema, properties: fields }, ""))}`;
  });
  const objects = OBJECTS.map(
    ({ name, schema, about }) => `#### \`${name}\`\n\n${about}\n\n${table(rowsOf(schemaFor(schema), ""))}`,
  );
  const shared = SHARED.map(({ name, schema, about }) => {
    const { maxLength } = schemaFor(schema).anyOf?.[0] ?? schemaFor(schema);
    return `| *${name}* | ${about}${maxLength === undefined ? "" : `; at most ${maxLength.toLocaleString("en")} characters`} |`;
  });
  return [
    `A topic has these fields and its \`steps\`. Fields with a \`?\` are optional.`,
    table(rowsOf({ properties: head, required: ["title"] }, "")),
    "Every step has a `kind`, an `id` that is unique in its topic, and the fields of its kind. The tables use these words:",
    ["| | |", "|---|---|", ...shared].join("\n"),
    ...steps,
    ...objects,
  ].join("\n\n");
}

function schemaFor(schema: z.ZodMiniType): Schema {
  return z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as Schema;
}

function table(rows: readonly string[]): string {
  return ["| field | type | meaning |", "|---|---|---|", ...rows].join("\n");
}

/** @returns a row for each field, followed by the rows of the fields inside it */
function rowsOf({ properties = {}, required = [] }: Schema, prefix: string): readonly string[] {
  return Object.entries(properties).flatMap(([name, field]) => {
    const path = `${prefix}${name}`;
    const about = [ownDescription(field), byDefault(field)].filter((part) => part !== "").join("; ");
    const row = `| \`${path}\`${required.includes(name) ? "" : "?"} | ${escape(kindOf(field))} | ${escape(about)} |`;
    return [row, ...within(field, path)];
  });
}

function byDefault(field: Schema): string {
  return field.default === undefined ? "" : `default: \`${JSON.stringify(field.default)}\``;
}

/** @returns the description of the field, unless it is the one of its shared type */
function ownDescription(field: Schema): string {
  const shared = SHARED.find(({ name }) => name === sharedName(field, SHARED));
  const general = shared === undefined ? undefined : schemaFor(shared.schema).description;
  return field.description === undefined || field.description === general ? "" : field.description;
}

/** @returns the name of the shared type that the field has, whatever its description */
function sharedName(field: Schema, among: typeof SHARED): string | undefined {
  return among.find(({ schema }) => form(schemaFor(schema)) === form(field))?.name;
}

function form(schema: Schema): string {
  const { description: _, default: __, $schema: ___, $defs: ____, ...rest } = schema;
  return JSON.stringify(rest).replaceAll("#/$defs/__schema0", "#");
}

function within(field: Schema, path: string): readonly string[] {
  if (sharedName(field, OBJECTS) !== undefined) return [];
  if (field.items !== undefined) return rowsOf(field.items, `${path}[].`);
  const variants = field.oneOf ?? [];
  if (variants.length > 0) return variants.flatMap((each) => variant(each, path));
  return rowsOf(field, `${path}.`);
}

/** @returns the rows of one variant of an object, under the field that tells the variants apart */
function variant({ properties = {}, required = [] }: Schema, path: string): readonly string[] {
  const [tag, ...others] = Object.entries(properties);
  if (tag === undefined) return [];
  const title = `\`${path}.${tag[0]}\`: \`${JSON.stringify(tag[1].const)}\``;
  return [`| ${title} | | |`, ...rowsOf({ properties: Object.fromEntries(others), required }, `${path}.`)];
}

function kindOf(schema: Schema): string {
  const { type, enum: values, anyOf, oneOf, items, additionalProperties, properties } = schema;
  const shared = sharedName(schema, SHARED);
  const object = sharedName(schema, OBJECTS);
  if (shared !== undefined) return `*${shared}*`;
  if (object !== undefined) return `\`${object}\`, below`;
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (values !== undefined) return values.map((value) => JSON.stringify(value)).join(", ");
  if (schema.$ref !== undefined) return "any JSON";
  if (anyOf !== undefined) return [...new Set(anyOf.map(kindOf))].join(", or ");
  if (oneOf !== undefined) return "an object, one of these variants";
  if (type === "string") return limited("a text", schema.minLength, schema.maxLength, "characters");
  if (type === "integer") return limited("a whole number", schema.minimum, schema.maximum, "");
  if (type === "number") return "a number";
  if (type === "boolean") return "true or false";
  if (items !== undefined) return limited("a list", schema.minItems, schema.maxItems, "entries");
  if (properties === undefined && typeof additionalProperties === "object")
    return `an object, with ${kindOf(additionalProperties)} for each name`;
  return "an object";
}

function limited(noun: string, minimum: number | undefined, maximum: number | undefined, unit: string): string {
  if (maximum === undefined || maximum === Number.MAX_SAFE_INTEGER) return noun;
  const least = minimum === undefined || (minimum <= 1 && unit !== "") ? "" : `${minimum.toLocaleString("en")} to `;
  return `${noun}, ${least === "" ? "at most " : least}${maximum.toLocaleString("en")} ${unit}`.trim();
}

function escape(text: string): string {
  return text.replaceAll("|", "\\|");
}
