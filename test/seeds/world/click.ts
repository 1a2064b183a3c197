/** A press of "Roll back" as the Slack side does it on one replica: look at the plan, create under the name of the view. */
import type { RollbackSpec } from '#rollback/spec.ts';
import { rollbackName } from '#slack/keys.ts';
import { onMachine } from '../time/machine.ts';
import type { Scene } from './scene.ts';

export interface Click {
  name: string;
  replica: string;
  /** Undefined until the replica knows; "failed": it told the person so. */
  answer?: 'created' | 'same' | 'different' | 'failed';
}

const PLAN_MS = 2500;
const CREATE_MS = 2000;

async function pressed({ bots }: Scene, click: Click, spec: RollbackSpec, isShown: boolean): Promise<void> {
  const { store, planner } = bots.get(click.replica)!.replica;
  try {
    let { targets } = spec;
    if (isShown) {
      const request = { environment: spec.environment, method: spec.method, targets };
      const plan = await planner.plan(request, AbortSignal.timeout(PLAN_MS));
      targets = plan.services.map(({ service, from, to }) => ({
        service,
        ...(from ? { expected: { from: from.templateHash, to: to?.replicaSet.uid ?? '' } } : {}),
      }));
    }
    const { outcome } = await store.create(click.name, { ...spec, targets }, AbortSignal.timeout(CREATE_MS));
    click.answer = outcome;
  } catch {
    click.answer = 'failed';
  }
}

/** `isShown`: the person saw a plan, and what they saw goes with the request. */
export function clickRollBack(
  scene: Scene,
  replica: string,
  { spec, viewId, isShown }: { spec: RollbackSpec; viewId: string; isShown: boolean },
): Click {
  const services = spec.targets.map(({ service }) => service);
  const click: Click = {
    name: rollbackName(services, services.length === scene.setting.services.length, viewId),
    replica,
  };
  const { machine } = scene.bots.get(replica)!;
  machine.deliver(() => onMachine(machine, () => void pressed(scene, click, spec, isShown)));
  return click;
}
