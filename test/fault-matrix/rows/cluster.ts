/** Rows 14 to 20: the API server, etcd, the object and what is rolled back. */
import { emulated, everyEffect, fault, journey, onPlane, processes, type Row, seeds } from '../row.ts';

export const cluster: readonly Row[] = [
  {
    number: 14,
    where: 'API',
    expected: 'connected again, within the time limit of a watch',
    faults: [
      fault(
        'it restarts',
        journey('api-server-outage', 'away while pods are waited for: told when it is back, once'),
        journey(
          'api-server-outage',
          'the API server is down: /rollback answers in words, with the line to type instead',
        ),
      ),
      fault(
        'it is killed in the middle, and started again',
        processes(
          'wire',
          'is killed when one is patched and nobody was told, and nine in part, and comes back: all is done, once',
        ),
      ),
      fault(
        'it is frozen in the middle',
        processes(
          'wire',
          'is frozen with patches of one and of nine in it, and takes them when their sender leads no more: all is done, once',
        ),
      ),
      fault(
        'no replica reaches it, or it is silent to both',
        processes('wire', '%s: what was under way is done, once'),
      ),
      fault(
        'the wire to it loses, delays, doubles and cuts short',
        processes('wire', 'drops, delays, doubles and cuts short what passes: in the end all is done, once'),
      ),
      fault('connections break off', journey('watch-faults', 'watches that break off: gone on with, nothing missed')),
      fault(
        'a watch hangs without a FIN',
        journey(
          'watch-faults',
          'watches that hang, lose, double and reorder: what is waited for is read anew, and told within a minute',
        ),
      ),
    ],
  },
  {
    number: 15,
    where: 'API',
    expected: 'backs off, lists again, deletions noticed',
    faults: [
      fault(
        '410 in the watch, then 503 to the list',
        emulated(
          'unit/clients/kubernetes/watched',
          'lists anew after its version has expired, also when the first try at that fails, and drops what is gone',
        ),
        seeds,
      ),
      fault(
        '410 to the watch, 503 to the list, pods gone meanwhile',
        journey(
          'watch-faults',
          'an expired watch, then 503 to the list: lists again until it may, and sees what is gone',
        ),
      ),
    ],
  },
  {
    number: 16,
    where: 'API',
    expected: 'the result is the same; read uncached before side effects',
    faults: [
      fault('events dropped, doubled, late', seeds),
      fault(
        'events lost, doubled, out of order',
        journey(
          'watch-faults',
          'watches that hang, lose, double and reorder: what is waited for is read anew, and told within a minute',
        ),
      ),
      fault(
        'what is known is old when it patches',
        onPlane('cluster/undo', 'refuses after a new image, names it, and touches nothing'),
        journey('guard-moment', 'somebody deploys: refused, with who, when and what; the new template stands'),
      ),
    ],
  },
  {
    number: 17,
    where: 'API',
    expected: 'tried again within bounds; 403 ends it with its reason; the token is read anew',
    faults: [
      fault('500', journey('api-server-outage', 'errors for a while in the middle: work goes on where it was')),
      fault(
        '401, 409, 429, 500, 504 to a patch',
        journey('patch-faults', 'a patch that meets trouble is made in the end, once: %s'),
        journey('patch-faults', 'each fault was met: refused, not answered, done without an answer'),
      ),
      fault(
        '403',
        journey(
          'patch-faults',
          'a patch that is forbidden is not tried for ever: the outcome names the service, why, and calls the holder',
        ),
        journey(
          'api-server-outage',
          'the API server refuses the Rollback: said at once, or after the silence, with why and the way by hand',
        ),
      ),
      fault(
        '422 of a test',
        journey(
          'guard-moment',
          'of two services only the changed one is refused; the other goes back and is monitored',
        ),
      ),
      fault(
        'an outdated token',
        emulated(
          'unit/clients/kubernetes/api-server',
          'are read anew when the server calls the token outdated, also for a write',
        ),
        processes('credentials', 'nothing goes on without it; with the next one in the file all is done, once'),
      ),
    ],
  },
  {
    number: 18,
    where: 'etcd',
    expected: 'pauses, says so, resumes; nothing half done',
    faults: [
      fault(
        'killed, frozen, stalled for 500 ms at a time',
        journey('etcd', 'etcd is %s just as %s is patched: patched once when it is back, and told'),
      ),
      fault(
        'NOSPACE',
        journey('etcd', 'etcd is out of space as the button is pressed: not confirmed, then started, once'),
      ),
    ],
  },
  {
    number: 19,
    where: 'object',
    expected: 'an abort is recorded; the status is not believed from edits of spec',
    faults: [
      fault(
        'deleted in the middle',
        journey(
          'deleted-by-hand',
          'mid-run: what is patched stays and is named, Slack is told, and only then it is gone',
        ),
        journey('deleted-by-hand', 'while it is monitored: the outcome says that nobody watches'),
      ),
      fault(
        'edited',
        journey('kubectl-author', 'what was asked for cannot be changed afterwards; answers can only be added'),
      ),
      fault(
        'a finalizer that nobody is left to take away',
        journey(
          'retention',
          'old rollbacks are deleted but for the last three of a service; nothing holds them any more',
        ),
        onPlane(
          'cluster/store',
          'keeps a deleted Rollback until nothing is left to do, and takes status writes meanwhile',
        ),
      ),
      fault(
        'another version of the definition',
        journey(
          'another-version',
          'a definition older than the bot: it is not ready, says what to apply, and begins nothing',
        ),
        journey('another-version', 'the definition is brought up to date, or is newer: the bot goes to work by itself'),
      ),
      fault(
        'edited in the middle',
        journey(
          'bad-days',
          'an object that somebody edits by hand mid-run: the edit stays, and the rollback goes on as it was',
        ),
      ),
    ],
  },
  {
    number: 20,
    where: 'target',
    expected: 'detected, with its cause; newer work is never overwritten',
    faults: [
      fault(
        'created anew',
        journey('guard-moment', 'somebody deletes it and creates it anew: refused, the new one untouched'),
      ),
      fault(
        'paused',
        journey('changed-meanwhile', 'somebody pauses the Deployment: refused, with the command to resume it'),
        journey('guard-moment', 'somebody pauses it: it is not told as rolled back'),
      ),
      fault('scaled', journey('guard-moment', 'somebody scales and annotates: it goes through and keeps both')),
      fault(
        'scaled by an autoscaler while pods are waited for',
        journey(
          'changed-meanwhile',
          'an autoscaler scales it: as many as are wanted now are waited for, and its number stays',
        ),
      ),
      fault(
        'deployed meanwhile',
        journey('guard-moment', 'somebody deploys: refused, with who, when and what; the new template stands'),
        journey('monitoring-forward-fix', 'a good version deployed while it is monitored: said so, and left alone'),
        everyEffect,
      ),
      fault(
        'no ReplicaSet to go back to',
        journey(
          'guard-moment',
          'the version to go back to is cleaned up: refused by name, and another one may be chosen',
        ),
        journey('plan-findings', 'nothing to go back to: said, with the cure, and there is no button'),
      ),
      fault(
        'ProgressDeadlineExceeded',
        onPlane('cluster/undo', 'is told at its own progress deadline'),
        onPlane('cluster/undo', 'is not taken for failed because the deadline of the bad version still stands'),
        journey('thread-past-eta', 'pods that never become ready: past the ETA a person is called, in the channel too'),
      ),
      fault(
        'ImagePullBackOff',
        journey(
          'thread-early-failure',
          'an image that is gone is told within a minute, to the holder, with what can be done',
        ),
        onPlane('cluster/undo', 'is told within a minute when its image cannot be pulled'),
      ),
      fault(
        'GitOps would take it back',
        journey('plan-findings', '%s has an owner that would take it back: named, with its cure, and overridable'),
      ),
      fault('quota', journey('bad-days', 'a quota that lets no pod in: told by name, to the holder')),
    ],
  },
];
