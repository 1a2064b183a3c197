/** Rows 7 to 13: the leader, its patches and its lease. */
import { everyEffect, fault, journey, onPlane, processes, type Row, seeds } from '../row.ts';

const CUT = 'power cut %s %s %i: patched once, told once';
const TROUBLE = 'a patch that meets trouble is made in the end, once: %s';

export const controller: readonly Row[] = [
  {
    number: 7,
    where: 'controller',
    expected: 'the new leader patches',
    faults: [fault('killed between intent and patch', journey('restart-crash-points', CUT), everyEffect)],
  },
  {
    number: 8,
    where: 'controller',
    expected: 'the marker is seen, nothing is patched again',
    faults: [
      fault(
        'killed between patch and status write',
        journey('restart-crash-points', CUT),
        everyEffect,
        onPlane('cluster/undo', 'patches once, whatever is repeated'),
        processes('killed', 'the leader is killed during %s'),
      ),
      fault('asked to end at each moment', processes('ended', 'the leader is asked to end during %s')),
    ],
  },
  {
    number: 9,
    where: 'controller',
    expected: 'the marker decides; a late patch is stopped by the test of the template',
    faults: [
      fault(
        'applied, and not answered; not applied',
        journey('patch-faults', TROUBLE),
        journey('patch-faults', 'each fault was met: refused, not answered, done without an answer'),
      ),
      fault('applied late', journey('patch-faults', 'a patch that arrives late changes nothing'), seeds),
    ],
  },
  {
    number: 10,
    where: 'controller',
    expected: 'the rest is resumed, the partial state shown',
    faults: [
      fault('killed when k of 9 are patched', everyEffect),
      fault(
        'killed when four of nine are patched',
        journey(
          'half-done',
          'the power is cut when four of nine are patched: the rest is patched by the next bot, each once',
        ),
      ),
    ],
  },
  {
    number: 11,
    where: 'lease',
    expected: 'its own deadline refuses the write; one that lands is idempotent; the process exits',
    faults: [
      fault(
        'lost while a patch is in flight',
        onPlane('cluster/lease', 'stops a leader that is cut off before another one takes its place'),
        onPlane('cluster/store', 'refuses the writes of a deposed leader once the new one has claimed the object'),
        seeds,
      ),
      fault(
        'nothing of the process moves for 12 s',
        journey('bot-process', 'its event loop is blocked for 12 s, longer than its lease is believed: done once'),
      ),
      fault(
        'cut off while it leads',
        journey(
          'two-replicas',
          'the leader is cut off from the API server: the other goes on with it, and when it is back nothing is doubled',
        ),
      ),
      fault(
        'the process is frozen, and wakes later',
        processes('frozen', 'the leader is frozen during %s, and wakes when another has led it all to its end'),
      ),
    ],
  },
  {
    number: 12,
    where: 'lease',
    expected: 'one leader by compare-and-set, unique identities',
    faults: [
      fault(
        'deleted',
        onPlane(
          'cluster/lease',
          'has one leader, goes on at once after a clean end, and each term has a higher number',
        ),
        seeds,
      ),
      fault(
        'two start together; deleted in the middle',
        journey(
          'two-replicas',
          'two that start together: one leads, and its lease is deleted in the middle: one leads again, done once',
        ),
        processes(
          'lease-deleted',
          'its lease is deleted under a leader that is frozen during %s: the other leads, in a term above its own',
        ),
      ),
    ],
  },
  {
    number: 13,
    where: 'lease',
    expected: 'no two leaders on a jump; a documented limit of the rate',
    faults: [
      fault(
        'wall clocks jump by an hour',
        journey('two-replicas', 'the clocks of both jump by an hour, there and back: nobody else leads'),
      ),
      fault('the clock of one host is off by up to 90 s, is set anew, or runs at 0.8 to 1.25 of the rate', seeds),
    ],
  },
];
