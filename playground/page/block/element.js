/** One interactive element by its type: in an actions block, as an accessory, or inside an input. */
import { html } from '../text/html.js';
import { Button } from './button.js';
import { Checkboxes, RadioButtons } from './choices.js';
import { DatePicker, TextInput, TimePicker } from './fields.js';
import { Overflow } from './overflow.js';
import { ExternalSelect, PeopleSelect, StaticSelect } from './select.js';

const drawn = {
  button: Button,
  overflow: Overflow,
  checkboxes: Checkboxes,
  radio_buttons: RadioButtons,
  plain_text_input: TextInput,
  number_input: TextInput,
  email_text_input: TextInput,
  url_text_input: TextInput,
  static_select: StaticSelect,
  multi_static_select: StaticSelect,
  external_select: ExternalSelect,
  multi_external_select: ExternalSelect,
  users_select: PeopleSelect,
  conversations_select: PeopleSelect,
  channels_select: PeopleSelect,
  multi_users_select: PeopleSelect,
  datepicker: DatePicker,
  timepicker: TimePicker,
  image: ({ element }) => html`<img class="accessory-image" src=${element.image_url} alt=${element.alt_text} />`,
};

/** @param {{ element: object, block: object, labelId?: string, id?: string }} props labelId: the element that names this one */
export function Element(props) {
  const Drawn = drawn[props.element.type];
  if (!Drawn) return html`<span class="unknown-block">This page cannot show a "${props.element.type}" element.</span>`;
  return html`<${Drawn} ...${props} />`;
}
