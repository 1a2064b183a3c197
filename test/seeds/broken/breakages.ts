/**
 * Ways to break the product, each one thing that it must not forget. The seeds have to notice: what they do not notice, they do not hold.
 */

export interface Breakage {
  /** What is left out. */
  breaks: string;
  /** Each stands in its file once; `to` takes its place. */
  edits: readonly { file: string; from: string; to: string }[];
}

const PATCH = 'src/methods/undo/patch.ts';
const PROGRESS = 'src/methods/undo/progress.ts';
const STORE = 'src/store/store.ts';
const LEASE = 'src/controller/leading/lease.ts';
const NOTIFIER = 'src/notify/notifier.ts';

const one = (breaks: string, file: string, from: string, to: string): Breakage => ({
  breaks,
  edits: [{ file, from, to }],
});

export const breakages: Record<string, Breakage> = {
  mark: one(
    'the patch leaves no mark',
    PATCH,
    "{ op: 'add', path: pointer(OPERATION_ANNOTATION), value: operation },",
    '',
  ),
  'template-test': one(
    'the patch does not test the template',
    PATCH,
    "{ op: 'test', path: '/spec/template', value: from },",
    '',
  ),
  'uid-test': one('the patch does not test the uid', PATCH, "{ op: 'test', path: '/metadata/uid', value: uid },", ''),
  'paused-test': one(
    'the patch does not test whether it is paused',
    PATCH,
    "{ op: 'test', path: '/spec/paused', value: paused },",
    '',
  ),
  trace: one(
    'a mark that somebody removed is not looked for on the ReplicaSet',
    'src/methods/undo/find.ts',
    "if (trace !== 'mark') return trace;",
    "return trace === 'gone' ? 'gone' : 'none';",
  ),
  'mark-lookup': {
    breaks: 'the mark is not looked up',
    edits: [
      {
        file: 'src/methods/undo/find.ts',
        from: 'return isOurs ? receiptOf(deploymentRow(raw), step.to.templateHash) : undefined;',
        to: 'return isOurs ? undefined : undefined;',
      },
      {
        file: 'src/methods/undo/find.ts',
        from: "if (trace !== 'mark') return trace;",
        to: "return trace === 'gone' ? 'gone' : 'none';",
      },
    ],
  },
  'may-still-land': one(
    'a patch that may still arrive is taken for not made',
    'src/controller/passes/roll-back.ts',
    'return now - triedAt < MAY_LAND_MS;',
    'return false;',
  ),
  cancel: {
    breaks: 'what opens it does not ask that nothing changed, and nobody looks for a cancel after',
    edits: [
      {
        file: 'src/controller/passes/begin.ts',
        from: 'parts.store.patchStatus(rollback, status, { epoch: parts.epoch, ifUnchanged: true }, signal);\n  let status',
        to: 'parts.store.patchStatus(rollback, status, { epoch: parts.epoch }, signal);\n  let status',
      },
      {
        file: 'src/controller/passes/roll-back.ts',
        from: "return metadata.deletionTimestamp !== undefined || requests(spec, 'cancel').length > 0;",
        to: 'return false;',
      },
    ],
  },
  'settling-unchanged': one(
    'what settles it does not ask that nothing changed',
    'src/controller/passes/monitor.ts',
    '{ epoch: parts.epoch, ifUnchanged: true }, signal);',
    '{ epoch: parts.epoch }, signal);',
  ),
  'version-test': one(
    'a status write tests no version',
    'src/store/status-patch.ts',
    "const version = isStill('/metadata/resourceVersion', rollback.metadata.resourceVersion);",
    "const version = isStill('/metadata/uid', rollback.metadata.uid);",
  ),
  'epoch-test': one(
    'a status write tests no term',
    'src/store/status-patch.ts',
    "isStill('/status/epoch', status.epoch),",
    "isStill('/metadata/uid', metadata.uid),",
  ),
  'version-and-epoch-test': {
    breaks: 'a status write tests neither version nor term',
    edits: [
      {
        file: 'src/store/status-patch.ts',
        from: "isStill('/status/epoch', status.epoch),",
        to: "isStill('/metadata/uid', metadata.uid),",
      },
      {
        file: 'src/store/status-patch.ts',
        from: "const version = isStill('/metadata/resourceVersion', rollback.metadata.resourceVersion);",
        to: "const version = isStill('/metadata/uid', rollback.metadata.uid);",
      },
    ],
  },
  'term-check': one('the store writes under a newer term', STORE, 'if (written > own) throw', 'if (written < 0) throw'),
  'same-basis': one(
    'the store writes what was decided on something else',
    STORE,
    'if (known !== rollback && !isSameBasis(rollback, known, changed))',
    'if (known !== rollback && rollback.kind === undefined)',
  ),
  claim: one(
    'a new term does not raise the epoch',
    'src/controller/reconcile.ts',
    'if (!status || status.epoch === parts.epoch) return rollback;',
    'if (!status || status.epoch > 0) return rollback;',
  ),
  deposed: one(
    'a term that met a newer one goes on',
    'src/controller/leading/leader.ts',
    'if (error instanceof FencedError) deposed.abort(error);',
    '',
  ),
  'lease-check': one(
    'the door does not ask for the lease',
    'src/controller/perform.ts',
    'if (!isLeader()) throw',
    'if (kind === undefined) throw',
  ),
  'lease-deadline': {
    breaks: 'a leader never takes its lease for lost',
    edits: [
      { file: LEASE, from: '&& clock.monotonic() - renewed.atMs <= RENEW_DEADLINE_MS;', to: ';' },
      { file: LEASE, from: 'if (leftMs <= 0) return false;', to: '' },
      {
        file: LEASE,
        from: 'await this.#acquireOrRenew(Math.min(REQUEST_MS, leftMs));',
        to: 'await this.#acquireOrRenew(REQUEST_MS);',
      },
      { file: LEASE, from: 'else if (this.#seen?.spec.holderIdentity !== identity) return false;', to: '' },
    ],
  },
  'lease-taken': one(
    'a lease is taken from its holder',
    'src/controller/leading/lease-record.ts',
    '|| !isValid(seen, nowMs);',
    '|| seen.atMs <= nowMs;',
  ),
  'epoch-floor': {
    breaks: 'a new lease begins its terms anew',
    edits: [
      { file: LEASE, from: 'Math.max(this.#highest, this.#o.epochFloor?.() ?? 0)', to: '0' },
      {
        file: LEASE,
        from: 'Math.max(0, Math.floor((nowMs - Date.UTC(2026, 0, 1)) / 1_000));',
        to: 'Math.min(0, nowMs);',
      },
    ],
  },
  finalizer: {
    breaks: 'no finalizer holds it',
    edits: [
      { file: STORE, from: 'finalizers: [SETTLE_FINALIZER]', to: 'finalizers: []' },
      {
        file: 'src/store/finalizer.ts',
        from: 'if (isHeld(rollback) || deletionTimestamp !== undefined) return undefined;',
        to: 'if (deletionTimestamp !== 1) return undefined;',
      },
    ],
  },
  release: one(
    'its finalizer is not taken away',
    'src/store/finalizer.ts',
    'if (!isHeld(rollback)) return undefined;',
    "if (rollback.metadata.name !== '') return undefined;",
  ),
  'post-lookup': one(
    'a message is posted again without a look',
    NOTIFIER,
    'lookFirst: !this.#fresh.delete(id),',
    'lookFirst: false,',
  ),
  'post-settle': one(
    'the look for a message does not wait for it',
    NOTIFIER,
    'const SETTLE_MS = 2000;',
    'const SETTLE_MS = 0;',
  ),
  'post-intent': one(
    'a message is posted before its intent is written',
    NOTIFIER,
    'const withIntents = await this.#writeIntents(rollback, before.intents, signal);',
    'const withIntents = { ...rollback, status: { ...rollback.status, slack: { ...rollback.status.slack, ...Object.fromEntries(before.intents.map((s) => (this.#fresh.add(slotId(rollback, s.key)), [s.key, { channel: s.channel, state: "intent", at: this.#now() }]))) } } };',
  ),
  sweep: one(
    'doubled messages are not swept',
    'src/notify/sweep.ts',
    'if (this.#swept.has(metadata.uid)) return false;',
    'if (metadata.uid) return false;',
  ),
  overlap: one(
    'a term under a new lease does not look through what it posted beside another',
    'src/notify/sweep.ts',
    '(this.#parts.overlaps && leftMs > 0)',
    '0',
  ),
  unanswered: one(
    'what may still arrive of an unanswered post or edit is not looked for',
    NOTIFIER,
    "if (error.sort === 'lost') this.#sweeper.lost(rollback);",
    '',
  ),
  'late-edit': one(
    'a message that shows an older state is left so',
    'src/notify/sweep.ts',
    'old.push(...outdated(found, recorded));',
    '',
  ),
  'adopted-content': one(
    'a message that was found is taken to read as it should',
    NOTIFIER,
    '...(wasFresh ? { hash: this.#parts.hashOf(slot) } : {}),',
    'hash: this.#parts.hashOf(slot),',
  ),
  'settled-early': one(
    'it is settled before Slack agrees',
    'src/rollback/decide.ts',
    "return observed.slackAgrees ? { do: 'settle' } : { do: 'nothing' };",
    "return { do: 'settle' };",
  ),
  generation: one(
    'the status of an older generation counts',
    PROGRESS,
    'deployment.observedGeneration >= deployment.generation &&',
    '',
  ),
  behind: one(
    'a row older than the patch counts',
    PROGRESS,
    'deployment.generation < receipt.generation;',
    'deployment.generation < 0;',
  ),
  available: {
    breaks: 'pods that are not available count as back',
    edits: [
      { file: PROGRESS, from: 'status.availableReplicas === replicas &&', to: '' },
      { file: PROGRESS, from: 'replicaSet.availableReplicas === replicas', to: 'replicas >= 0' },
    ],
  },
  'older-event': one(
    'an older event replaces a newer object',
    'src/clients/kubernetes/collection.ts',
    '&& !isNewer(resourceVersion, known.resourceVersion)) return',
    "&& resourceVersion === '') return",
  ),
  'relist-deletes': one(
    'what a list lacks is not taken for deleted',
    'src/clients/kubernetes/collection.ts',
    'if (!names.has(name)) this.remove(name, uid);',
    "if (name === '') this.remove(name, uid);",
  ),
  'expired-watch': one(
    'a watch that expired goes on where it was',
    'src/clients/kubernetes/watched.ts',
    'if (isExpired(error)) this.#resourceVersion = undefined;',
    '',
  ),
  evidence: one(
    'evidence is not kept',
    'src/controller/passes/keep-evidence.ts',
    'if (services.length === 0) return rollback;',
    'if (services.length >= 0) return rollback;',
  ),
  redaction: one(
    'nothing is redacted',
    'src/rollback/redaction.ts',
    'return PATTERNS.reduce(',
    'return PATTERNS.slice(0, 0).reduce(',
  ),
};
