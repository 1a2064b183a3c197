/** The field behind every select: type to narrow, arrows to move, Enter to pick; chips when several may be picked. */
import { useEffect, useId, useState } from 'preact/hooks';
import { usePopup } from '../shell/popup.js';
import { html } from '../text/html.js';
import { flatten, Text } from '../text/text.js';
import { parsePlain } from '../text/mrkdwn.js';

const isSame = (a) => (b) => a.value === b.value;

/** Keys go on belonging to the field: Escape closes the list and not the form around it. */
const keepFocus = (event) => event.preventDefault();

function Option({ option, id, isActive, isSelected, pick, point }) {
  return html`<div
    id=${id}
    role="option"
    class=${isActive ? 'option option-active' : 'option'}
    aria-selected=${isSelected ? 'true' : 'false'}
    onPointerEnter=${point}
    onMouseDown=${keepFocus}
    onClick=${pick}
  >
    <span class="option-text"><${Text} of=${option.text} /></span>
    ${option.description && html`<span class="option-description"><${Text} of=${option.description} /></span>`}
  </div>`;
}

function Chips({ selected, remove }) {
  return selected.map(
    (option) =>
      html`<span class="chip" key=${option.value}>
        <${Text} of=${option.text} />
        <button type="button" aria-label=${`Remove ${option.text.text}`} onClick=${() => remove(option)}>×</button>
      </span>`,
  );
}

/** Keys of the field: which of the listed options is meant, and what happens to it. */
function keysOf({ popup, listed, active, setActive, pick, removeLast }) {
  const step = (by) => {
    if (!popup.isOpen) popup.open();
    else setActive((active + by + listed.length) % Math.max(1, listed.length));
    return true;
  };
  const escape = () => {
    if (!popup.isOpen) return false;
    popup.close();
    return true;
  };
  const enter = () => {
    if (popup.isOpen && listed[active]) pick(listed[active]);
    else if (!popup.isOpen) popup.open();
    return true;
  };
  const keys = {
    ArrowDown: () => step(1),
    ArrowUp: () => step(-1),
    Escape: escape,
    Enter: enter,
    Backspace: removeLast,
    Tab: () => void popup.close(),
  };
  return (event) => {
    if (!keys[event.key]?.()) return;
    event.preventDefault();
    event.stopPropagation();
  };
}

/** The opened list, in its groups. */
function OptionList({ groups, note, selected, multi, active, listed, listId, pick, point, panel }) {
  const option = (one) => {
    const at = listed.indexOf(one);
    return html`<${Option}
      key=${one.value}
      id=${`${listId}-${at}`}
      option=${one}
      isActive=${at === active}
      isSelected=${selected.some(isSame(one))}
      point=${() => point(at)}
      pick=${() => pick(one)}
    />`;
  };
  return html`<div
    class="popup options"
    role="listbox"
    id=${listId}
    ref=${panel}
    aria-multiselectable=${multi ? 'true' : undefined}
  >
    ${groups.map(
      (group) =>
        html`${group.label && html`<div class="option-group"><${Text} of=${group.label} /></div>`}
        ${group.options.map(option)}`,
    )}
    ${(note || listed.length === 0) && html`<div class="option-note" role="status">${note ?? 'No results'}</div>`}
  </div>`;
}

/** What is typed, which option is meant, and what picking does. */
function useChoosing({ groups, selected, multi, onChange, onQuery }) {
  const popup = usePopup({ matchWidth: true });
  const [query, setQuery] = useState('');
  const [active, setActive] = useState(0);
  const listed = groups.flatMap((group) => group.options);
  const ask = (text) => {
    setQuery(text);
    setActive(0);
  };
  useEffect(() => onQuery(query, popup.isOpen), [query, popup.isOpen]);
  useEffect(() => ask(''), [popup.isOpen]);
  useEffect(() => {
    if (popup.isOpen) popup.panel.current?.querySelector('.option-active')?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  const remove = (option) => onChange(selected.filter((one) => !isSame(option)(one)));
  const pick = (option) => {
    if (!multi) {
      onChange([option]);
      popup.close();
    } else if (selected.some(isSame(option))) remove(option);
    else onChange([...selected, option]);
    setQuery('');
  };
  const removeLast = () => {
    if (!multi || query || selected.length === 0) return false;
    onChange(selected.slice(0, -1));
    return true;
  };
  const onInput = (event) => {
    popup.open();
    ask(event.currentTarget.value);
  };
  const onKeyDown = keysOf({ popup, listed, active, setActive, pick, removeLast });
  return { popup, query, active, listed, pick, remove, point: setActive, handlers: { onInput, onKeyDown } };
}

/**
 * @param {object} props
 * @param {import('./options.js').OptionGroup[]} props.groups what is listed now
 * @param {string} [props.note] shown instead of, or under, the options
 * @param {object[]} props.selected
 * @param {boolean} props.multi
 * @param {(options: object[]) => void} props.onChange
 * @param {(query: string, isOpen: boolean) => void} props.onQuery
 */
export function Combobox(props) {
  const { id, labelId, placeholder, groups, note, selected, multi, invalid, actionId } = props;
  const { popup, query, active, listed, pick, remove, point, handlers } = useChoosing(props);
  const listId = useId();
  const chosen = multi || !selected[0] ? '' : flatten(parsePlain(selected[0].text.text));
  return html`<div
    class=${multi ? 'combobox combobox-multi' : 'combobox'}
    ref=${popup.anchor}
    data-action-id=${actionId}
  >
    ${multi && html`<${Chips} selected=${selected} remove=${remove} />`}
    <input
      id=${id}
      role="combobox"
      autocomplete="off"
      aria-expanded=${popup.isOpen ? 'true' : 'false'}
      aria-controls=${listId}
      aria-labelledby=${labelId}
      aria-label=${labelId ? undefined : placeholder}
      aria-invalid=${invalid ? 'true' : undefined}
      aria-activedescendant=${popup.isOpen && listed[active] ? `${listId}-${active}` : undefined}
      value=${popup.isOpen ? query : chosen}
      placeholder=${chosen || (multi && selected.length > 0 ? '' : placeholder)}
      title=${chosen || undefined}
      onClick=${popup.open}
      ...${handlers}
    />
    <span class="combobox-arrow" aria-hidden="true"></span>
    ${
      popup.isOpen &&
      html`<${OptionList}
        ...${{ groups, note, selected, multi, active, listed, listId, pick, point }}
        panel=${popup.panel}
      />`
    }
  </div>`;
}
