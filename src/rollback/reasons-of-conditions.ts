/** Reasons that conditions carry: the controller sets them, messages read them. CamelCase, stable. */

/** Of NeedsPerson, the most pressing first. */
export const NEEDS_PERSON_REASONS = [
  /** Something holds a service up that only a person may clear away. */
  'HeldUp',
  /** Patched, and not all pods ready when the ETA passed. */
  'PastEta',
  /** The outcome is known and some service did not return. */
  'NotBack',
  /** A health path of a service that returned answers badly. */
  'HealthFailing',
  /** A person answered a check with "failed". */
  'CheckFailed',
  /** Pods of a service that had returned are not ready any more. */
  'PodsNotReady',
] as const;
export type NeedsPersonReason = (typeof NEEDS_PERSON_REASONS)[number];
