/** Which strategy a resource is written with. */
import type { ResourceDefinition } from '../registry.ts';
import {
  autoscalerStrategy,
  configMapStrategy,
  disruptionBudgetStrategy,
  eventStrategy,
  leaseStrategy,
  namespaceStrategy,
  podStrategy,
  roleBindingStrategy,
  secretStrategy,
  serviceStrategy,
} from './core.ts';
import { customResourceStrategy } from './custom-resource.ts';
import { customResourceDefinitionStrategy } from './custom-resource-definition.ts';
import { plainStrategy, specAndStatusStrategy, type Strategy } from './strategy.ts';
import { deploymentStrategy, workloadStrategy } from './workload.ts';

const strategies: Record<string, Strategy> = {
  ConfigMap: configMapStrategy,
  Secret: secretStrategy,
  Namespace: namespaceStrategy,
  Service: serviceStrategy,
  Lease: leaseStrategy,
  Event: eventStrategy,
  RoleBinding: roleBindingStrategy,
  ClusterRoleBinding: roleBindingStrategy,
  Pod: podStrategy,
  Deployment: deploymentStrategy,
  ReplicaSet: workloadStrategy,
  StatefulSet: workloadStrategy,
  DaemonSet: workloadStrategy,
  HorizontalPodAutoscaler: autoscalerStrategy,
  PodDisruptionBudget: disruptionBudgetStrategy,
  CustomResourceDefinition: customResourceDefinitionStrategy,
};

const customStrategies = new WeakMap<object, Strategy>();

export function strategyOf(definition: ResourceDefinition): Strategy {
  const { custom } = definition;
  if (!custom) {
    const own = strategies[definition.kind];
    return own ?? (definition.subresources.has('status') ? specAndStatusStrategy : plainStrategy);
  }
  let strategy = customStrategies.get(custom.version);
  if (!strategy) customStrategies.set(custom.version, (strategy = customResourceStrategy(definition)));
  return strategy;
}
