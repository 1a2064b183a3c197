/** The nine services as they were deployed: versions with what changed, who did it, and how many pods. */

export interface Release {
  version: string;
  /** What the pipeline wrote as change-cause. */
  change: string;
  by: string;
  /** Before now. */
  hoursAgo: number;
  /** Environment variables that this release and all later ones carry. */
  env?: Record<string, string>;
}

export interface ServiceStory {
  name: string;
  replicas: number;
  releases: readonly Release[];
  /** Deployed by `kubectl apply`: carries last-applied-configuration. */
  isApplied?: boolean;
  autoscaler?: { min: number; max: number };
  disruptionBudget?: { minAvailable: number };
}

const priya = 'Priya Nair';
const tom = 'Tom Okafor';
const jonas = 'Jonas Weber';
const maya = 'Maya Chen';

/** Oldest release first; the last one runs. */
export const companyStory: readonly ServiceStory[] = [
  {
    name: 'api-gateway',
    replicas: 3,
    disruptionBudget: { minAvailable: 2 },
    releases: [
      { version: 'v2.10.3', change: 'Raise upstream timeout to 10 s', by: jonas, hoursAgo: 291 },
      { version: 'v2.11.0', change: 'Route /v1/appointments/slots', by: tom, hoursAgo: 170 },
      { version: 'v2.11.1', change: 'Fix CORS for the showroom tablets', by: priya, hoursAgo: 52 },
    ],
  },
  {
    name: 'auth-service',
    replicas: 3,
    disruptionBudget: { minAvailable: 2 },
    releases: [
      { version: 'v1.4.0', change: 'Sign in with one-time codes', by: tom, hoursAgo: 267 },
      { version: 'v1.4.1', change: 'Limit login attempts per address', by: priya, hoursAgo: 124 },
      { version: 'v1.4.2', change: 'Renew sessions in use', by: tom, hoursAgo: 46, env: { SESSION_TTL: '30d' } },
    ],
  },
  {
    name: 'product-service',
    replicas: 3,
    autoscaler: { min: 3, max: 8 },
    releases: [
      { version: 'v3.2.0', change: 'Kitchens by style and finish', by: jonas, hoursAgo: 284 },
      { version: 'v3.2.1', change: 'Fix price rounding on worktops', by: maya, hoursAgo: 196 },
      { version: 'v3.3.0', change: 'Cache product lists in Redis', by: jonas, hoursAgo: 99, env: { CACHE_TTL: '300' } },
      { version: 'v3.3.1', change: 'Smaller product images', by: jonas, hoursAgo: 27 },
    ],
  },
  {
    name: 'order-payment-service',
    replicas: 4,
    releases: [
      { version: 'v2.7.3', change: 'Retry Stripe captures once', by: maya, hoursAgo: 242 },
      { version: 'v2.7.4', change: 'Show VAT on deposits', by: priya, hoursAgo: 148 },
      { version: 'v2.8.0', change: 'Pay a deposit in instalments', by: maya, hoursAgo: 30 },
    ],
  },
  {
    name: 'appointment-service',
    replicas: 2,
    releases: [
      { version: 'v1.2.5', change: 'Send calendar invitations', by: tom, hoursAgo: 220 },
      { version: 'v1.3.0', change: 'Home visits', by: tom, hoursAgo: 121 },
      { version: 'v1.3.1', change: 'Respect bank holidays', by: priya, hoursAgo: 49 },
    ],
  },
  {
    name: 'content-service',
    replicas: 2,
    isApplied: true,
    releases: [
      { version: 'v1.9.0', change: 'Showroom pages', by: jonas, hoursAgo: 199 },
      { version: 'v1.9.1', change: 'Faster blog search', by: jonas, hoursAgo: 101 },
      { version: 'v1.9.2', change: 'Alternative text for images', by: maya, hoursAgo: 23 },
    ],
  },
  {
    name: 'customer-service',
    replicas: 2,
    releases: [
      { version: 'v2.0.4', change: 'Merge duplicate customers', by: priya, hoursAgo: 265 },
      { version: 'v2.1.0', change: 'Saved designs', by: priya, hoursAgo: 145 },
      { version: 'v2.1.1', change: 'Delete on request within a day', by: tom, hoursAgo: 71 },
    ],
  },
  {
    name: 'notification-service',
    replicas: 2,
    releases: [
      { version: 'v1.6.2', change: 'Text messages for visits', by: maya, hoursAgo: 244 },
      { version: 'v1.6.3', change: 'Quiet hours', by: maya, hoursAgo: 122 },
      { version: 'v1.7.0', change: 'Templates per showroom', by: jonas, hoursAgo: 54 },
    ],
  },
  {
    name: 'analytics-service',
    replicas: 2,
    releases: [
      { version: 'v1.6.4', change: 'Count returning visitors', by: tom, hoursAgo: 218 },
      { version: 'v1.7.0', change: 'Funnel per showroom', by: tom, hoursAgo: 98 },
      { version: 'v1.8.0', change: 'Batch events to the warehouse', by: priya, hoursAgo: 25 },
    ],
  },
];

/** Staging and dev run the same versions earlier, with fewer pods and a shorter memory. */
export function storyElsewhere(story: ServiceStory, environment: 'staging' | 'dev'): ServiceStory {
  const leadHours = environment === 'dev' ? 20 : 6;
  const { name, isApplied, releases } = story;
  return {
    name,
    replicas: 1,
    ...(isApplied && { isApplied }),
    releases: releases.slice(-2).map((release) => ({ ...release, hoursAgo: release.hoursAgo + leadHours })),
  };
}

/** An account number of the examples in the cloud provider's documentation. */
const imagePrefix = '123456789012.dkr.ecr.eu-west-2.amazonaws.com/lomash-wood';

export const repositoryOf = (service: string): string => `${imagePrefix}/${service}`;
export const imageOf = (service: string, version: string): string => `${repositoryOf(service)}:${version}`;

/** v1.4.2 → v1.4.3; numbers compare as numbers. */
export function nextPatch(versions: readonly string[]): string {
  const parsed = versions
    .map((version) => /^v(\d+)\.(\d+)\.(\d+)$/.exec(version)?.slice(1).map(Number))
    .filter((numbers) => numbers !== undefined)
    .toSorted(([a = 0, b = 0, c = 0], [x = 0, y = 0, z = 0]) => a - x || b - y || c - z);
  const [major = 1, minor = 0, patch = 0] = parsed.at(-1) ?? [];
  return `v${major}.${minor}.${patch + 1}`;
}
