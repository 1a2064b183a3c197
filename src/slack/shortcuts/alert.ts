/** What an alert's message says about where and what: whole names only, for a preselection made of guesses is dangerous. Pure. */
import type { Catalogue } from '#catalogue/catalogue.ts';
import type { ReasonKind } from '#rollback/spec.ts';
import { words } from '../commands/line.ts';
import { namesOf } from '../commands/names.ts';
import type { FormState } from '../form/form-state.ts';

/** All texts of a message, its blocks and attachments, in order. */
export function textsOf(message: unknown, depth = 0): string[] {
  if (depth > 8 || typeof message !== 'object' || message === null) return [];
  if (Array.isArray(message)) return message.flatMap((part) => textsOf(part, depth + 1));
  return Object.entries(message).flatMap(([key, value]) => {
    if (typeof value === 'string')
      return ['text', 'fallback', 'title', 'value', 'pretext'].includes(key) ? [value] : [];
    return textsOf(value, depth + 1);
  });
}

/** Slack's mrkdwn as plain text: entities, links and mentions undone. */
export function plainText(mrkdwn: string): string {
  return mrkdwn
    .replace(/<(?:[@#!])?([^|>]+)\|([^>]+)>/g, '$2')
    .replace(/<(?:mailto:)?([^>]+)>/g, '$1')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

const LINE_MAX = 200;

const KINDS: readonly [RegExp, ReasonKind][] = [
  [/\bP[01]\b/, 'alert'],
  [/error ?rate|\berrors?\b|\b5xx\b|\b(?:answers|returns|http) 5\d\d\b/i, 'error-rate'],
  [/latency|\bslow|\bp9[59]\b/i, 'latency'],
  [/health|not ready|crash ?loop|\bdown\b/i, 'health-check'],
  [/\bfiring\b|\balert\b|\bcritical\b/i, 'alert'],
];

/**
 * The reason that a message gives: the first of the runbook's kinds that it speaks of, and its first line as the text. What speaks of none
 * is an alert when an app posted it, and somebody's own words when a person did.
 */
export function reasonOf(text: string, isFromApp: boolean): FormState['reason'] {
  const first = text.split('\n').find((line) => line.trim() !== '') ?? '';
  const line = first.replaceAll(/\s+/g, ' ').trim().slice(0, LINE_MAX);
  const fitting = KINDS.find(([said]) => said.test(line)) ?? KINDS.find(([said]) => said.test(text));
  return { kind: fitting?.[1] ?? (isFromApp ? 'alert' : 'other'), ...(line === '' ? {} : { text: line }) };
}

export interface Mentioned {
  environment?: string;
  services: string[];
}

/** One environment, or none where several are named. */
export function mentioned(text: string, catalogue: Catalogue): Mentioned {
  const names = namesOf(catalogue);
  const parts = words(text.replaceAll(/[=:/"'`*_~|,;()[\]{}]+/g, ' '));
  const found = (find: (word: string) => string | undefined): string[] => [
    ...new Set(parts.flatMap(({ name }) => find(name.replace(/[.!?]+$/, '')) ?? [])),
  ];
  const [environment, ...others] = found((word) => names.environment(word));
  const services = found((word) => names.service(word));
  return { ...(environment === undefined || others.length > 0 ? {} : { environment }), services };
}
