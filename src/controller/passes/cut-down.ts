/**
 * What a settled rollback keeps: enough for the ways onward from it and for whoever reads the record, not what messages were made of, for it
 * is never rendered again (design §2). Pure.
 */
import type { Plan, PlannedService } from '#rollback/plan.ts';
import type { RollbackStatus, Verification } from '#rollback/status.ts';

const MAX_BYTES = 8 * 1024;
const TEXT_MAX = 200;

const short = (text: string, max = TEXT_MAX): string => (text.length > max ? `${text.slice(0, max - 1)}…` : text);

type Cut = (status: RollbackStatus) => RollbackStatus;

function withPlan(status: RollbackStatus, change: (plan: Plan) => Plan): RollbackStatus {
  return status.plan === undefined ? status : { ...status, plan: change(status.plan) };
}

function shortService(service: PlannedService): PlannedService {
  const { refused, difference } = service;
  return {
    ...service,
    difference: short(difference),
    details: '',
    findings: [],
    notes: [],
    ...(refused === undefined ? {} : { refused: { ...refused, message: short(refused.message) } }),
  };
}

function withoutEvidence(verification: Verification): Verification {
  return { ...verification, health: verification.health.map((h) => ({ ...h, evidence: '' })) };
}

/** Always: the long texts, and the steps, which nobody makes again. */
const shortened: Cut = (status) =>
  withPlan(
    {
      ...status,
      message: short(status.message),
      conditions: status.conditions.map((c) => ({ ...c, message: short(c.message) })),
      targets: status.targets.map((t) => (t.detail === undefined ? t : { ...t, detail: short(t.detail) })),
      steps: [],
      timeline: status.timeline.map((entry) => ({ ...entry, text: short(entry.text) })),
    },
    (plan) => ({ ...plan, services: plan.services.map(shortService) }),
  );

/** The first entry, which says who began it, and the newest. */
const withEntries =
  (count: number): Cut =>
  (status) => {
    const [first, ...others] = status.timeline;
    if (first === undefined || others.length < count) return status;
    return { ...status, timeline: [first, ...others.slice(others.length - count + 1)] };
  };

const withoutHealth: Cut = ({ before, verification, ...status }) => ({
  ...status,
  ...(before ? { before: withoutEvidence(before) } : {}),
  ...(verification ? { verification: withoutEvidence(verification) } : {}),
});

const withoutChecklist: Cut = (status) =>
  withPlan(status, (plan) => ({
    ...plan,
    checklist: [],
    whoMay: [],
    services: plan.services.map((service) => ({ ...service, difference: '' })),
  }));

/** Until it fits; what matters least goes first. */
const STAGES: readonly Cut[] = [
  withEntries(30),
  withEntries(15),
  withoutHealth,
  withoutChecklist,
  withEntries(6),
  (status) => ({ ...status, timeline: [] }),
];

const bytes = (status: RollbackStatus): number => Buffer.byteLength(JSON.stringify(status));

/** Within 8 KiB wherever leaving texts out can do it. */
export function cutDown(status: RollbackStatus): RollbackStatus {
  let cut = shortened(status);
  for (const stage of STAGES) if (bytes(cut) > MAX_BYTES) cut = stage(cut);
  return cut;
}
