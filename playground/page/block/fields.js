/** Fields that are typed into: text, numbers, dates, times. */
import { useEffect, useRef } from 'preact/hooks';
import { html } from '../text/html.js';
import { useElement } from './surface.js';

const htmlTypes = { number_input: 'number', email_text_input: 'email', url_text_input: 'url' };

/** How many characters are left is worth telling near the end only. */
const countedBelow = 200;

function describedBy(id, error) {
  return error ? `${id}-error ${id}-hint` : `${id}-hint`;
}

export function TextInput({ element, block, id }) {
  const { value, keep, pick, hears, error } = useElement(element, block);
  const field = useRef(null);
  useEffect(() => {
    if (element.focus_on_load) field.current?.focus();
  }, []);
  const onEach = hears && element.dispatch_action_config?.trigger_actions_on?.includes('on_character_entered');
  const onKeyDown = (event) => {
    if (event.key !== 'Enter' || event.isComposing || !hears || element.multiline) return;
    // Slack tells the app instead of submitting the form when the field listens to Enter.
    event.preventDefault();
    pick(event.currentTarget.value || null);
  };
  const left = (element.max_length ?? Infinity) - (value?.length ?? 0);
  const shared = {
    id,
    ref: field,
    class: 'text-input',
    value: value ?? '',
    placeholder: element.placeholder?.text,
    'aria-invalid': error ? 'true' : undefined,
    'aria-describedby': describedBy(id, error),
    onInput: (event) => (onEach ? pick : keep)(event.currentTarget.value || null),
    onKeyDown,
  };
  return html`<div class="text-field">
    ${
      element.multiline
        ? html`<textarea ...${shared} rows="3"></textarea>`
        : html`<input ...${shared} type=${htmlTypes[element.type] ?? 'text'} autocomplete="off" />`
    }
    ${left < countedBelow && html`<span class=${left < 0 ? 'count count-over' : 'count'}>${left}</span>`}
  </div>`;
}

const Picker = (type) =>
  function picker({ element, block, id, labelId }) {
    const { value, pick, error } = useElement(element, block);
    return html`<input
      id=${id}
      class="text-input picker"
      type=${type}
      value=${value ?? ''}
      aria-labelledby=${labelId}
      aria-label=${labelId ? undefined : (element.placeholder?.text ?? type)}
      aria-invalid=${error ? 'true' : undefined}
      onChange=${(event) => pick(event.currentTarget.value || null)}
    />`;
  };

export const DatePicker = Picker('date');
export const TimePicker = Picker('time');
