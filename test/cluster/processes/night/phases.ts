/** Moments of a rollback, each told by the write that ends or begins it: where a fault can be put to the point. */
import type { RollbackStatus, SlackSlot } from '#rollback/status.ts';
import type { Side, Which, Write } from './gateway.ts';

interface Op {
  op: string;
  path: string;
  value?: unknown;
}

type Looked = Pick<Write, 'method' | 'path' | 'body'>;

function ops({ method, path, body }: Looked): Op[] {
  return method === 'PATCH' && path.endsWith('/status') && Array.isArray(body) ? (body as Op[]) : [];
}

/** The value that a status write gives to a field, also when it writes the whole for the first time. */
function given<F extends keyof RollbackStatus>(write: Looked, field: F): RollbackStatus[F] | undefined {
  const writes = ops(write).filter(({ op }) => op !== 'test');
  const own = writes.find(({ path }) => path === `/status/${field}`)?.value;
  const whole = writes.find(({ path }) => path === '/status')?.value as RollbackStatus | undefined;
  return (own as RollbackStatus[F] | undefined) ?? whole?.[field];
}

const opens: Which = (write) => given(write, 'phase') === 'RollingBack';
const patches: Which = ({ method, path }) => method === 'PATCH' && path.includes('/deployments/');
const tellsOutcome: Which = (write) => given(write, 'outcomeAt') !== undefined;
const resolves: Which = (write) => given(write, 'phase') === 'Resolved';
const settles: Which = (write) =>
  given(write, 'conditions')?.some(({ type, status }) => type === 'Settled' && status === 'True') === true;
const posted =
  (slot: string): Which =>
  (write) =>
    ops(write).some(
      ({ op, path, value }) =>
        op !== 'test' && path === `/status/slack/${slot}` && (value as SlackSlot | undefined)?.state === 'sent',
    );

/** Of the patches of a story, so many get through. */
function afterSome(count: number): () => Which {
  return () => {
    let seen = 0;
    return (write) => patches(write) && ++seen > count;
  };
}

export interface Phase {
  name: string;
  side: Side;
  /** Made anew for each hold. */
  which: () => Which;
}

const at = (name: string, side: Side, which: Which): Phase => ({ name, side, which: () => which });

export const phases = {
  asked: at('between the press and the plan', 'request', opens),
  opened: at('the plan is written, its answer lost', 'answer', opens),
  pressed: at('between the press and the patch', 'request', patches),
  someThrough: { name: 'four of nine patched', side: 'request', which: afterSome(4) },
  patched: at('patched, and nobody was told', 'answer', patches),
  initiated: at('INITIATED posted, and not yet noted', 'request', posted('root')),
  outcome: at('the outcome is written, its answer lost', 'answer', tellsOutcome),
  told: at('COMPLETE posted, and not yet noted', 'request', posted('outcome')),
  resolving: at('about to be resolved', 'request', resolves),
  settling: at('resolved, about to be closed', 'request', settles),
} as const satisfies Record<string, Phase>;
