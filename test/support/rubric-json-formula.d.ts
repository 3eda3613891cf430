/** What of `@adobe/json-formula` the rubrics need; the package brings no types. */
declare module '@adobe/json-formula' {
  export const dataTypes: Readonly<Record<'TYPE_ANY', number>>;
  export interface CustomFunction {
    _func(args: unknown[]): unknown;
    _signature: { types: number[]; optional?: boolean; variadic?: boolean }[];
  }
  export default class JsonFormula {
    constructor(customFunctions?: Record<string, CustomFunction>);
    search(expression: string, json: unknown, globals?: Record<string, unknown>): unknown;
  }
}
