/** Whether the registry still has the target's image is not asked yet, so it says so; a tag that can move is named. */
import type { Finding } from '#rollback/finding.ts';
import type { Check } from '../check.ts';

const MOVING_TAGS = new Set([
  'latest',
  'main',
  'master',
  'develop',
  'dev',
  'edge',
  'nightly',
  'stable',
  'staging',
  'production',
  'prod',
]);

/** The tag that a pull would use; undefined when the image is named by digest, which cannot move. */
function tagOf(image: string): string | undefined {
  if (image.includes('@')) return undefined;
  const name = image.slice(image.lastIndexOf('/') + 1);
  return name.includes(':') ? name.slice(name.indexOf(':') + 1) : 'latest';
}

export const image: Check = ({ to }) => {
  if (to === undefined) return [];
  const findings: Finding[] = [
    {
      check: 'image',
      grade: 'unchecked',
      text: `Image: not checked. Nobody asked the registry whether it still has ${to.image}.`,
    },
  ];
  const tag = tagOf(to.image);
  if (tag !== undefined && MOVING_TAGS.has(tag)) {
    findings.unshift({
      check: 'image',
      grade: 'warning',
      text: `The image tag "${tag}" can move: a rollback starts whatever it names now, which may be the version you want to leave.`,
      cure: 'Choose a version whose tag or digest names one build.',
    });
  }
  return findings;
};
