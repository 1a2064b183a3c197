/**
 * Where a select's options come from. A source answers groups: `{ label?, options }[]`, possibly later.
 *
 * @typedef {{ label?: object, options: { text: object, value: string, description?: object }[] }} OptionGroup
 */
import { useEffect, useRef, useState } from 'preact/hooks';

const asGroups = ({ options, option_groups: groups }) => groups ?? [{ options: options ?? [] }];

const words = (option) => `${option.text.text} ${option.description?.text ?? ''}`.toLowerCase();

/** Options that the element itself carries, narrowed by what was typed. */
export function narrow(element, query) {
  const wanted = query.trim().toLowerCase();
  return asGroups(element)
    .map((group) => ({ ...group, options: group.options.filter((option) => words(option).includes(wanted)) }))
    .filter((group) => group.options.length > 0);
}

const pause = 150;

/**
 * Options that the app answers, asked again as the person types. The latest question wins.
 * @param {(query: string) => Promise<object>} ask
 * @returns {{ groups: OptionGroup[], note?: string }}
 */
export function useSuggestions(ask, query, isOpen, least) {
  const [found, setFound] = useState({ groups: [], note: 'Loading…' });
  const turn = useRef(0);
  useEffect(() => {
    turn.current += 1;
    const mine = turn.current;
    if (!isOpen) return undefined;
    if (query.length < least) {
      const missing = least - query.length;
      setFound({ groups: [], note: `Type ${missing} more character${missing === 1 ? '' : 's'} to search.` });
      return undefined;
    }
    setFound((before) => ({ groups: before.groups, note: 'Loading…' }));
    const load = async () => {
      const answer = await ask(query);
      if (turn.current !== mine) return;
      const failed = answer.ok === false;
      setFound({
        groups: failed ? [] : asGroups(answer),
        note: failed ? 'The app did not answer in time.' : undefined,
      });
    };
    const waiting = setTimeout(() => void load(), query === '' ? 0 : pause);
    return () => clearTimeout(waiting);
  }, [query, isOpen]);
  return found;
}
