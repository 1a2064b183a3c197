/** Elements by what a person reads: a button by its words, an input by its label, an option by its text. */
import type { KnownBlock } from '@slack/types';
import { elementsOf } from '../interaction/state.ts';
import type { Element } from '../interaction/state.ts';
import type { Workspace } from '../workspace.ts';
import { wordsOf } from './visible-text.ts';

export type Words = string | RegExp;

export interface Found {
  blockId: string;
  element: Element;
}

interface FoundOption extends Found {
  option: Option;
}

export interface Option {
  text: { type: string; text: string };
  value?: string;
  [field: string]: unknown;
}

/** A string must be the whole text, a pattern may match part of it. */
export function matches(words: Words, text: string): boolean {
  return typeof words === 'string' ? text.trim() === words : words.test(text);
}

function everyElement(blocks: KnownBlock[]): Found[] {
  return blocks.flatMap((block) => elementsOf(block).map((element) => ({ blockId: block.block_id ?? '', element })));
}

export function findButton(workspace: Workspace, blocks: KnownBlock[], words: Words): Found | undefined {
  return everyElement(blocks).find(
    ({ element }) => element.type === 'button' && matches(words, wordsOf(workspace, element['text'])),
  );
}

/** By the label of its input block, the words of its section, its placeholder, or its action_id. */
export function findField(workspace: Workspace, blocks: KnownBlock[], words: Words): Found | undefined {
  for (const block of blocks) {
    const { label, text } = block as { label?: unknown; text?: unknown };
    for (const element of elementsOf(block)) {
      if (element.type === 'button' || element.type === 'image') continue;
      const names = [label, text, element['placeholder']]
        .map((v) => wordsOf(workspace, v))
        .filter((name) => name !== '');
      if (element.action_id === words || names.some((name) => matches(words, name))) {
        return { blockId: block.block_id ?? '', element };
      }
    }
  }
  return undefined;
}

export function optionsOf(element: Element): Option[] {
  const groups = (element['option_groups'] ?? []) as { options: Option[] }[];
  return [...((element['options'] ?? []) as Option[]), ...groups.flatMap((group) => group.options)];
}

export function findOption(workspace: Workspace, options: Option[], words: Words): Option | undefined {
  return options.find((option) => matches(words, wordsOf(workspace, option)));
}

/** An option of checkboxes, radio buttons or an overflow, by its text, wherever it stands. */
export function findChoice(
  workspace: Workspace,
  blocks: KnownBlock[],
  words: Words,
  types: string[],
): FoundOption | undefined {
  for (const found of everyElement(blocks)) {
    if (!types.includes(found.element.type)) continue;
    const option = findOption(workspace, optionsOf(found.element), words);
    if (option) return { ...found, option };
  }
  return undefined;
}
