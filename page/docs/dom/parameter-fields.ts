import type { Parameter } from '../../../src/openapi/document-types.js';
import { make } from '../../dom/elements.js';
import { valuesOf } from '../schema-rows.js';

/** The fields of the parameters of a query or of a path; an empty one is left out of the request. */
export class ParameterFields {
  readonly element: HTMLFieldSetElement;
  readonly #fields: readonly {
    readonly name: string;
    readonly field: HTMLInputElement | HTMLSelectElement;
  }[];

  constructor(parameters: readonly Parameter[], place: 'query' | 'path') {
    this.#fields = parameters
      .filter((parameter) => parameter.in === place)
      .map((parameter) => ({ name: parameter.name, field: fieldOf(parameter) }));
    const labels = this.#fields.map(({ name, field }) =>
      make('label', 'field', make('code', '', name), field),
    );
    const legend = make('legend', '', place === 'query' ? 'Query' : 'Path');
    this.element = make('fieldset', 'query', legend, make('div', 'fields', ...labels));
    this.element.hidden = this.#fields.length === 0;
  }

  values(): [name: string, value: string][] {
    return this.#fields
      .filter(({ field }) => field.value !== '')
      .map(({ name, field }): [string, string] => [name, field.value]);
  }
}

/** A choice where the values are known, a text with an example where they are not. */
function fieldOf({ schema, example, required }: Parameter): HTMLInputElement | HTMLSelectElement {
  const values = valuesOf(schema);
  if (values.length > 0) {
    const options = ['', ...values].map((value) => {
      const option = make('option', '', value === '' ? '–' : value);
      option.value = value;
      return option;
    });
    return make('select', '', ...options);
  }
  const input = make('input');
  input.type = 'text';
  input.placeholder = example ?? '';
  if (required) {
    input.value = example ?? '';
    input.required = true;
  }
  input.autocomplete = 'off';
  input.spellcheck = false;
  return input;
}
