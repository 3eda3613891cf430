/** Draws a JSON schema as people read it: one line per field, with its type, its bounds and what it means. Pure; called by page.ts. */
import { html } from 'hono/html';
import type { OpenApiDocument } from './document.ts';

type Schemas = NonNullable<NonNullable<OpenApiDocument['components']>['schemas']>;
export type SchemaOrReference = Schemas[string];
type Schema = Exclude<SchemaOrReference, { $ref: string }>;
export type Markup = ReturnType<typeof html>;

const nothing = html``;

export function isReference<T extends object>(value: T): value is T & { $ref: string } {
  return '$ref' in value;
}

/** `#/components/schemas/Clip` → `Clip` */
export function referenceName(ref: string): string {
  return ref.split('/').at(-1) ?? ref;
}

/** Nested objects are drawn this deep; deeper ones are named by type only. */
const depthLimit = 4;

/** Bounds and default in words; empty if there are none. */
export function bounds(schema: SchemaOrReference): string {
  if (isReference(schema)) return '';
  const parts: string[] = [];
  const range = (low: number | undefined, high: number | undefined, unit: string) => {
    // ±(2^53 − 1) is what "an integer" means, not a bound anybody chose.
    const min = low === undefined || low <= Number.MIN_SAFE_INTEGER ? undefined : low;
    const max = high === undefined || high >= Number.MAX_SAFE_INTEGER ? undefined : high;
    if (min !== undefined && max !== undefined)
      parts.push(min === max ? `${min}${unit}` : `${min} to ${max}${unit}`);
    else if (min !== undefined) parts.push(`at least ${min}${unit}`);
    else if (max !== undefined) parts.push(`at most ${max}${unit}`);
  };
  range(schema.minimum, schema.maximum, '');
  if (typeof schema.exclusiveMinimum === 'number') parts.push(`above ${schema.exclusiveMinimum}`);
  range(schema.minLength, schema.maxLength, ' characters');
  range(schema.minItems, schema.maxItems, ' items');
  if (schema.default !== undefined) parts.push(`default ${JSON.stringify(schema.default)}`);
  return parts.join(', ');
}

/** Links to named schemas, names everything else: `string (date-time)`, `array of Clip`, `"free" | "plus" | "pro"`. */
export function typeOf(schema: SchemaOrReference): Markup | string {
  if (isReference(schema)) {
    const name = referenceName(schema.$ref);
    return html`<a href="#schema-${name}">${name}</a>`;
  }
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum !== undefined)
    return schema.enum.map((value: unknown) => JSON.stringify(value)).join(' | ');
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (alternatives !== undefined) return joined(alternatives, ' or ');
  if (schema.allOf !== undefined) return joined(schema.allOf, ' and ');
  // Ids are strings with a pattern; their prefix says more than the pattern does.
  const prefix = /^\^([a-z]+_)\[0-7\]/.exec(schema.pattern ?? '')?.[1];
  if (prefix !== undefined) return `${prefix}…`;
  const types = Array.isArray(schema.type) ? schema.type : [schema.type ?? 'any'];
  if (types.includes('array') && schema.items !== undefined) {
    return html`array of ${typeOf(schema.items)}${types.includes('null') ? ' or null' : ''}`;
  }
  return `${types.join(' or ')}${schema.format === undefined ? '' : ` (${schema.format})`}`;
}

function joined(schemas: readonly SchemaOrReference[], separator: string): Markup {
  return html`${schemas.map((schema, index) => html`${index === 0 ? '' : separator}${typeOf(schema)}`)}`;
}

/** The object whose fields are worth a list: the schema itself, or the items of an array of objects. */
function fieldsOf(schema: SchemaOrReference): Schema | null {
  if (isReference(schema)) return null;
  if (schema.properties !== undefined) return schema;
  return schema.items === undefined ? null : fieldsOf(schema.items);
}

/** The fields of an object; a named or simple schema is one line. */
export function schemaView(schema: SchemaOrReference, depth = 0): Markup {
  const object = fieldsOf(schema);
  if (object === null) return depth === 0 ? html`<p class="type">${typeOf(schema)}</p>` : nothing;
  const required = new Set(object.required ?? []);
  return html`<ul class="fields">
    ${Object.entries(object.properties ?? {}).map(([name, field]) => {
      const limits = bounds(field);
      const description = isReference(field) ? undefined : field.description;
      return html`<li>
        <code>${name}</code> <span class="type">${typeOf(field)}</span>
        ${required.has(name) ? nothing : html`<span class="note">optional</span>`}
        ${limits === '' ? nothing : html`<span class="note">${limits}</span>`}
        ${description === undefined ? nothing : html`<p>${prose(description)}</p>`}
        ${depth < depthLimit ? schemaView(field, depth + 1) : nothing}
      </li>`;
    })}
  </ul>`;
}

/** Text in which `code` is set as code. Everything is escaped. */
export function prose(text: string): Markup {
  return html`${text.split('`').map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part))}`;
}
