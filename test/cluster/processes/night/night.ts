/**
 * One night with two replicas: processes of the bot as a customer runs them, on a real control plane, with the emulated Slack, an installation
 * of their own, and a gateway each. It knows no fault and no story: those come from the tests.
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { Connection } from '#clients/kubernetes/api-server.ts';
import { forwarder } from '#playground/cluster/plane/forward.ts';
import { readManifest } from '#playground/slack/manifest.ts';
import type { Person } from '#playground/slack/people/person.ts';
import { type EmulatedSlack, startSlack } from '#playground/slack/server.ts';
import type { Rollback } from '#rollback/rollback.ts';
import { clock, eventually } from '../../plane.ts';
import { Gateway, type Hold, type Write } from './gateway.ts';
import { administrator, endTokensOf, install, tokenBoundTo, uninstall } from './install.ts';
import { oneAtATime } from './one-at-a-time.ts';
import type { Phase } from './phases.ts';
import { Replica } from './replica.ts';
import { deployBadVersion, type Story } from './story.ts';
import { addressOfPlane, catalogueOf, startHealthy } from './surroundings.ts';

/** A lease of 15 s, a try each 2.0 to 4.4 s, and a machine that is busy. */
export const TAKEN_OVER_WITHIN_MS = 90_000;
const ENDS_WITHIN_MS = 180_000;
const names = ['first', 'second'] as const;

export interface Member {
  replica: Replica;
  gateway: Gateway;
}

export interface NightOptions {
  /** Environment → its services. */
  stories: Record<string, readonly string[]>;
  /** Words before src/main.ts, for the replica so named. */
  words?: Partial<Record<(typeof names)[number], readonly string[]>>;
}

export class Night {
  readonly home: string;
  readonly stories: readonly Story[];
  readonly slack: EmulatedSlack;
  readonly members: readonly Member[];
  readonly #api: Connection;
  readonly #folder: string;
  readonly #stops: (() => void)[];

  private constructor(given: {
    home: string;
    stories: readonly Story[];
    slack: EmulatedSlack;
    members: readonly Member[];
    folder: string;
    stops: (() => void)[];
  }) {
    this.home = given.home;
    this.stories = given.stories;
    this.slack = given.slack;
    this.members = given.members;
    this.#folder = given.folder;
    this.#stops = given.stops;
    this.#api = administrator();
  }

  /** Installed, deployed, both replicas running, one of them leading. */
  static async start({ stories: asked, words = {} }: NightOptions): Promise<Night> {
    const home = `night-${randomBytes(4).toString('hex')}`;
    const stories = Object.entries(asked).map(([environment, services]) => ({
      environment,
      services,
      namespace: `${home}-${environment}`,
    }));
    await install(
      home,
      stories.map(({ namespace }) => namespace),
    );
    await Promise.all(stories.map(deployBadVersion));
    const folder = await mkdtemp(join(tmpdir(), 'night-'));
    const slack = await startSlack({
      clock,
      manifest: readManifest('manifest.yml'),
      // Replicas of several nights share two cores; how quick one answers is no matter here.
      patience: { ackMs: 60_000, triggerMs: 60_000 },
    });
    const healthy = await startHealthy();
    const [catalogue, token] = [join(folder, 'catalogue.yaml'), join(folder, 'token')];
    await writeFile(catalogue, stringify(catalogueOf(stories, healthy.url)));
    await writeFile(token, await tokenBoundTo(home, 'token-1'), { mode: 0o600 });
    const plane = await addressOfPlane();
    const members: Member[] = [];
    for (const name of names) {
      const gateway = await Gateway.open(forwarder(plane.server, plane.ca));
      const kubeconfig = join(folder, `${name}.kubeconfig`);
      const config = parse(gateway.front.kubeconfig('', home)) as { users: { user: object }[] };
      // As a pod reads it: from a file, which is written anew before it expires.
      config.users[0]!.user = { 'auth-provider': { name: 'tokenFile', config: { tokenFile: token } } };
      await writeFile(kubeconfig, stringify(config));
      const environment = {
        SLACK_API_URL: slack.apiUrl,
        SLACK_BOT_TOKEN: slack.tokens.bot,
        SLACK_APP_TOKEN: slack.tokens.app,
        KUBECONFIG: kubeconfig,
        CATALOGUE: catalogue,
        ROLLBACK_NAMESPACE: home,
      };
      members.push({ gateway, replica: new Replica({ name, environment, words: words[name] ?? [] }) });
    }
    const night = new Night({ home, stories, slack, members, folder, stops: [healthy.stop] });
    try {
      for (const { replica } of members) {
        await night.startReplica(replica);
        await night.leader();
      }
      return night;
    } catch (error) {
      await night.stop();
      throw error;
    }
  }

  startReplica(replica: Replica): Promise<void> {
    return oneAtATime(() => replica.start());
  }

  get maya(): Person {
    return this.slack.person('U0ONCALL');
  }

  story(environment: string): Story {
    return this.stories.find((story) => story.environment === environment)!;
  }

  /** Whoever holds the lease, once it is not `than`. */
  leader(than?: Member): Promise<Member> {
    const path = `/apis/coordination.k8s.io/v1/namespaces/${this.home}/leases/rollback-bot`;
    return eventually(
      `somebody ${than ? `else than ${than.replica.name} ` : ''}leads`,
      async () => {
        const lease = await this.#get<{ spec?: { holderIdentity?: string } }>(path);
        const holder = lease?.spec?.holderIdentity ?? '';
        const found = this.members.find(({ replica }) => holder.startsWith(`${replica.name}-`));
        return found === than ? undefined : found;
      },
      TAKEN_OVER_WITHIN_MS,
    ).catch((error: unknown) => this.#told(error));
  }

  /** Resolves when it has noticed that its term is over, or has ended for it. */
  async gaveUp(replica: Replica): Promise<void> {
    await this.#until(`${replica.name} has given up`, () => {
      if (!replica.isRunning()) return true;
      const terms = replica.lines().filter((line) => /"text":"(no longer )?leading"/.test(line));
      return terms.at(-1)?.includes('no longer') ? true : undefined;
    });
    if (!replica.isRunning()) await this.startReplica(replica);
  }

  /** Resolves when a line of its log reads so. */
  async says({ replica }: Member, words: RegExp): Promise<void> {
    await this.#until(`${replica.name} says ${String(words)}`, () => replica.lines().some((line) => words.test(line)));
  }

  /** Resolves when the API server has answered it so. */
  async hears({ replica, gateway }: Member, is: (write: Write) => boolean): Promise<void> {
    await this.#until(`${replica.name} is answered so`, () => gateway.writes.some(is));
  }

  /** undefined: it is not there, or the API server does not answer. */
  async #get<T>(path: string): Promise<T | undefined> {
    return this.#api.get<T>(path, { signal: new AbortController().signal }).catch(() => undefined);
  }

  /** Everything of this story that the leader writes from this moment on stays with the gateway. */
  hold({ gateway }: Member, { environment, namespace }: Story, { side, which }: Phase): Hold {
    const isOurs = (path: string): boolean => {
      const name = this.#nameOf(environment);
      return path.includes(`/namespaces/${namespace}/`) || (name !== undefined && path.includes(`/rollbacks/${name}`));
    };
    const wanted = which();
    return gateway.hold(
      side,
      (write) => isOurs(write.path) && wanted(write),
      ({ path }) => isOurs(path),
    );
  }

  /** Resolves when each has caught something. */
  async caught(holds: readonly Hold[]): Promise<void> {
    let left = holds.length;
    for (const { caught } of holds) void caught.then(() => (left -= 1));
    await this.#until('every rollback has come to its moment', () => (left === 0 ? true : undefined));
  }

  readonly #names = new Map<string, string>();

  /** Of the Rollback in this environment, from the moment it was asked for. */
  #nameOf(environment: string): string | undefined {
    for (const { gateway } of this.members)
      for (const { method, path, body } of gateway.writes)
        if (method === 'POST' && path.endsWith('/rollbacks')) {
          const { metadata, spec } = body as Rollback;
          if (spec.environment === environment) return metadata.name;
        }
    return this.#names.get(environment);
  }

  /** Maya types the command, reads the plan, presses the button and reads the receipt. */
  press({ environment, services }: Story): Promise<void> {
    const { maya } = this;
    const isAll = services.length > 1;
    return oneAtATime(async () => {
      await maya.type('#incidents', `/rollback ${isAll ? 'all' : services[0]} ${environment} errors`);
      await this.#until(`the form of ${environment} shows a plan`, () =>
        /v2\.0\.0[^]*v1\.0\.0/.test(maya.modal()?.reads ?? ''),
      );
      if (isAll) await maya.fill(new RegExp(`type ${environment}`), environment);
      await maya.submit();
      await this.#until('a receipt', () => /Started: /.test(maya.modal()?.reads ?? ''));
      await maya.close();
    });
  }

  /** `kubectl create -f rollback.yaml`, as an administrator. */
  async create({ environment, services }: Story): Promise<void> {
    const name = `by-kubectl-${environment}`;
    this.#names.set(environment, name);
    await this.#api.create(
      `/apis/ops.lomashwood.com/v1alpha1/namespaces/${this.home}/rollbacks`,
      {
        apiVersion: 'ops.lomashwood.com/v1alpha1',
        kind: 'Rollback',
        metadata: { name },
        spec: {
          environment,
          targets: services.map((service) => ({ service })),
          reason: { kind: 'error-rate' },
          requestedBy: { id: 'admin', name: 'Kim', via: 'kubectl' },
        },
      },
      { signal: new AbortController().signal },
    );
  }

  rollback({ environment }: Story): Promise<Rollback | undefined> {
    const name = this.#nameOf(environment);
    const path = `/apis/ops.lomashwood.com/v1alpha1/namespaces/${this.home}/rollbacks/${name}`;
    return name === undefined ? Promise.resolve(undefined) : this.#get<Rollback>(path);
  }

  /** Resolves when the rollback of the story is as `is` says. */
  async reaches(story: Story, what: string, is: (rollback: Rollback) => boolean): Promise<Rollback> {
    return this.#until(`${story.environment} ${what}`, async () => {
      const rollback = await this.rollback(story);
      return rollback && is(rollback) ? rollback : undefined;
    });
  }

  async #until<T>(what: string, ask: () => T | undefined | Promise<T | undefined>): Promise<T> {
    return eventually(what, ask, ENDS_WITHIN_MS).catch((error: unknown) => this.#told(error));
  }

  /** What is seen when it does not go on. */
  async #told(error: unknown): Promise<never> {
    const modal = this.maya.modal();
    const seen = this.maya.sees('#incidents').map(({ threadTs, reads }) => `${threadTs ? '  ↳ ' : ''}${reads}`);
    const rollbacks = await Promise.all(this.stories.map((story) => this.rollback(story)));
    const objects = rollbacks.flatMap((r) =>
      r ? [`${r.metadata.name}: ${r.status?.phase} ${r.status?.message} epoch ${r.status?.epoch}`] : [],
    );
    const lines = this.members.flatMap(({ replica }) => [`— ${replica.name} —`, ...replica.lines().slice(-25)]);
    const all = [String(error), '— #incidents —', ...seen.slice(-10), modal?.reads ?? 'no modal', ...objects, ...lines];
    throw new Error(all.join('\n'));
  }

  async renewToken(): Promise<void> {
    await writeFile(join(this.#folder, 'token'), await tokenBoundTo(this.home, 'token-2'));
  }

  endToken(): Promise<void> {
    return endTokensOf(this.home, 'token-1');
  }

  async stop(): Promise<void> {
    for (const { replica } of this.members) replica.thaw();
    await Promise.all(this.members.map(({ replica }) => replica.kill()));
    await this.slack.stop();
    for (const stop of this.#stops) stop();
    await Promise.all(this.members.map(({ gateway }) => gateway.front.stop()));
    await this.#api.close();
    await uninstall(
      this.home,
      this.stories.map(({ namespace }) => namespace),
    );
    await rm(this.#folder, { recursive: true });
  }
}
