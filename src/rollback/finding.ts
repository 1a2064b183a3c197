/** What preflight found. Graded by what the reader must do about it (design §4). */
import { z } from 'zod';

/**
 * blocker: this service cannot go, the others can · warning: read this before pressing · note: under Details ·
 * unchecked: nobody looked, so it is never good news ("Image: not checked").
 */
export const Grade = z.enum(['blocker', 'warning', 'note', 'unchecked']);
export type Grade = z.infer<typeof Grade>;

export const Finding = z.object({
  /** The check's name, kebab-case, as in its file name. */
  check: z.string(),
  grade: Grade,
  /** One plain sentence, no markup. */
  text: z.string(),
  /** What to do about it, one plain sentence. */
  cure: z.string().optional(),
  /** A command with names filled in. */
  command: z.string().optional(),
  /** A blocker that a person may override by naming it in `spec.targets[].override`. */
  overridable: z.boolean().optional(),
});
export type Finding = z.infer<typeof Finding>;

/** The findings that keep a service from going, overridden ones left out. */
export function blockersOf(findings: readonly Finding[], override: readonly string[] = []): Finding[] {
  return findings.filter((f) => f.grade === 'blocker' && !(f.overridable && override.includes(f.check)));
}
