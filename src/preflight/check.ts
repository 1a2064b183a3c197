/**
 * One question asked before anything is touched: would this go wrong? A check is a pure function of the facts about one service. It may
 * assume that facts are as fresh as the caches; it reads nothing itself, knows no other check, and never takes a fact that could not be
 * read for good news: then it says "not checked".
 */
import type { Finding } from '#rollback/finding.ts';
import { kubectlName } from '#rollback/workload.ts';
import type { LeftVersion, Where, ServiceFacts } from './facts.ts';

/** Findings in the order a person should read them; nothing to say = an empty list. */
export type Check = (facts: ServiceFacts) => Finding[];

/** A command for a person, namespace and context filled in: `kubectl rollout resume deployment/auth-service -n lomash-wood`. */
export function kubectl(where: Where, words: string): string {
  const context = where.context === undefined ? '' : ` --context ${where.context}`;
  return `kubectl ${words} -n ${where.namespace}${context}`;
}

/** The service's workload as kubectl takes it: "deployment/auth-service". */
export function workloadOf({ kind, workload }: ServiceFacts): string {
  return kubectlName({ kind, name: workload });
}

/** "02:48 UTC" within the last 20 hours, otherwise "12 Nov, 02:48 UTC". Seconds never matter here. */
export function timeText(iso: string, nowMs: number): string {
  const at = new Date(iso);
  const clock = `${at.toISOString().slice(11, 16)} UTC`;
  if (Math.abs(nowMs - at.getTime()) < 20 * 3_600_000) return clock;
  const day = at.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
  return `${day}, ${clock}`;
}

/** "rolled back from at 02:48 UTC (rollback auth-service-9f8e7d)"; follows "was". */
export function leftText({ leftAt, by }: LeftVersion, nowMs: number): string {
  if (leftAt === undefined) return 'rolled back from by hand';
  return `rolled back from at ${timeText(leftAt, nowMs)}${by === undefined ? '' : ` (rollback ${by})`}`;
}

/** "a", "a and b", "a, b and c". */
export function listText(names: readonly string[]): string {
  if (names.length < 2) return names.join('');
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
