/** Checkboxes and radio buttons: up to ten options, each with a description. */
import { html } from '../text/html.js';
import { Text } from '../text/text.js';
import { askFirst } from './confirm.js';
import { useElement } from './surface.js';

function Choice({ type, name, option, checked, onToggle }) {
  return html`<label class="choice">
    <input type=${type} name=${name} value=${option.value} checked=${checked} onClick=${onToggle} />
    <span class="choice-text">
      <${Text} of=${option.text} />
      ${option.description && html`<span class="choice-description"><${Text} of=${option.description} /></span>`}
    </span>
  </label>`;
}

const groupName = (block, element) => `${block.block_id}/${element.action_id}`;

/** Puts the box back the way it was when the person answers no. */
const asking = (element, pick) => async (event, next) => {
  const box = event.currentTarget;
  const wanted = box.checked;
  if (await askFirst(element.confirm)) return pick(next);
  box.checked = !wanted;
  return undefined;
};

export function Checkboxes({ element, block, labelId }) {
  const { value, pick } = useElement(element, block);
  const change = asking(element, pick);
  const selected = value ?? [];
  const isOn = (option) => selected.some((one) => one.value === option.value);
  return html`<div class="choices" role="group" aria-labelledby=${labelId}>
    ${element.options.map((option) => {
      const next = element.options.filter((one) => (one.value === option.value ? !isOn(one) : isOn(one)));
      return html`<${Choice}
        key=${option.value}
        type="checkbox"
        name=${groupName(block, element)}
        option=${option}
        checked=${isOn(option)}
        onToggle=${(event) => void change(event, next)}
      />`;
    })}
  </div>`;
}

export function RadioButtons({ element, block, labelId }) {
  const { value, pick } = useElement(element, block);
  return html`<div class="choices" role="radiogroup" aria-labelledby=${labelId}>
    ${element.options.map(
      (option) =>
        html`<${Choice}
          key=${option.value}
          type="radio"
          name=${groupName(block, element)}
          option=${option}
          checked=${value?.value === option.value}
          onToggle=${() => pick(option)}
        />`,
    )}
  </div>`;
}
