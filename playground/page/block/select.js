/** The selects of Block Kit, single and multi: own options, the app's answers, and people or channels of the workspace. */
import { useState } from 'preact/hooks';
import { workspace } from '../state/connection.js';
import { useStore } from '../state/store.js';
import { html } from '../text/html.js';
import { Combobox } from './combobox.js';
import { askFirst } from './confirm.js';
import { narrow, useSuggestions } from './options.js';
import { useElement, useSurface } from './surface.js';

const isMulti = (element) => element.type.startsWith('multi_');

/** What a combobox needs, for elements whose value is options. `toOption` and `fromOption` change ids into options and back. */
function useSelect({ element, block }, toOption = (value) => value, fromOption = (option) => option) {
  const { value, pick, error } = useElement(element, block);
  const multi = isMulti(element);
  const selected = (multi ? (value ?? []) : [value]).filter(Boolean).map(toOption);
  const onChange = async (options) => {
    if (!(await askFirst(element.confirm))) return;
    const chosen = options.slice(0, multi ? (element.max_selected_items ?? options.length) : 1).map(fromOption);
    pick(multi ? chosen : (chosen[0] ?? null));
  };
  const placeholder = element.placeholder?.text ?? (multi ? 'Select options' : 'Select an option');
  return { selected, multi, onChange, invalid: Boolean(error), placeholder, actionId: element.action_id };
}

export function StaticSelect(props) {
  const [query, setQuery] = useState('');
  const select = useSelect(props);
  return html`<${Combobox}
    ...${select}
    id=${props.id}
    labelId=${props.labelId}
    groups=${narrow(props.element, query)}
    onQuery=${setQuery}
  />`;
}

/** Slack asks after three characters unless the app says otherwise. */
const defaultLeast = 3;

export function ExternalSelect(props) {
  const { element, block } = props;
  const surface = useSurface();
  const [asked, setAsked] = useState({ query: '', isOpen: false });
  const ask = (query) => surface.suggest(element, block.block_id, query);
  const found = useSuggestions(ask, asked.query, asked.isOpen, element.min_query_length ?? defaultLeast);
  const select = useSelect(props);
  return html`<${Combobox}
    ...${select}
    id=${props.id}
    labelId=${props.labelId}
    groups=${found.groups}
    note=${found.note}
    onQuery=${(query, isOpen) => setAsked({ query, isOpen })}
  />`;
}

const plain = (text) => ({ type: 'plain_text', text, emoji: false });

/** People for users_select, channels for the others: the value is the id alone. */
export function PeopleSelect(props) {
  const [query, setQuery] = useState('');
  const users = useStore(workspace, (state) => state.users);
  const channels = useStore(workspace, (state) => state.channels);
  const options = props.element.type.includes('users')
    ? Object.values(users)
        .filter((user) => !user.isBot)
        .map((user) => ({ value: user.id, text: plain(user.realName) }))
    : channels.map((channel) => ({ value: channel.id, text: plain(`#${channel.name}`) }));
  const toOption = (id) => options.find((option) => option.value === id) ?? { value: id, text: plain(id) };
  const select = useSelect(props, toOption, (option) => option.value);
  return html`<${Combobox}
    ...${select}
    id=${props.id}
    labelId=${props.labelId}
    groups=${narrow({ options }, query)}
    onQuery=${setQuery}
  />`;
}
