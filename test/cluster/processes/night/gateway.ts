/**
 * What stands between one replica and the API server: it passes everything on, notes down every write with the API server's own number for
 * it, holds what it is told to hold, and breaks what it is told to break.
 */
import { worldClock } from '#playground/clock.ts';
import { type ApiRequest, type ApiResponse, isStream } from '#playground/cluster/api/message.ts';
import { type Between, failure, type Front, openFront } from '#playground/cluster/front.ts';

export interface Write {
  method: string;
  path: string;
  body: unknown;
  /** As the API server answered. */
  status: number;
  /** etcd's revision after it: the order of all writes. Absent where the answer is no object. */
  revision: number | undefined;
  /** The holder, where it is a lease. */
  answer: { spec?: { holderIdentity?: string } };
}

/** Which writes, by method, path and parsed body. */
export type Which = (write: Pick<Write, 'method' | 'path' | 'body'>) => boolean;

/** request: it never got there. answer: it is done, and its sender does not know. */
export type Side = 'request' | 'answer';

export interface Hold {
  /** Resolves with the first write that was caught. */
  readonly caught: Promise<void>;
  /** Lets everything that is held go on, and catches nothing more. Resolves when the API server has answered all of it. */
  release(): Promise<void>;
  /** What is held never arrives. */
  drop(): void;
}

interface Holding extends Hold {
  which: Which;
  side: Side;
  until: Promise<'pass' | 'drop'>;
  catch: () => void;
  /** Once something was caught, all of this stays behind. */
  rest: Which;
  hasCaught: boolean;
  /** Ends of what is held. */
  held: Promise<unknown>[];
}

const READS = new Set(['GET', 'HEAD', 'OPTIONS']);

function parsed(body: string | Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}

export class Gateway {
  readonly front: Front;
  /** In the order of the answers. */
  readonly writes: Write[] = [];
  /** How requests get from here to the API server; a fault stands here. */
  hand: Between | undefined;
  #holdings: Holding[] = [];

  private constructor(front: Front) {
    this.front = front;
    front.faults.between((request, pass) => this.#between(request, pass));
  }

  static async open(forward: (request: ApiRequest) => Promise<ApiResponse>): Promise<Gateway> {
    const front = await openFront({ clock: worldClock(), port: 0, handle: forward, expire: () => undefined });
    return new Gateway(front);
  }

  /** Holds the first write of this sort and everything of `rest` after it. */
  hold(side: Side, which: Which, rest: Which): Hold {
    const caught = Promise.withResolvers<void>();
    const until = Promise.withResolvers<'pass' | 'drop'>();
    const end = (how: 'pass' | 'drop'): void => {
      this.#holdings = this.#holdings.filter((other) => other !== holding);
      until.resolve(how);
    };
    const holding: Holding = {
      which,
      side,
      rest,
      until: until.promise,
      caught: caught.promise,
      catch: () => caught.resolve(),
      hasCaught: false,
      held: [],
      async release() {
        end('pass');
        await Promise.allSettled(holding.held);
      },
      drop: () => end('drop'),
    };
    this.#holdings.push(holding);
    return holding;
  }

  async #between(request: ApiRequest, pass: () => Promise<ApiResponse>): Promise<ApiResponse> {
    const { hand } = this;
    const through = async (there: () => Promise<ApiResponse>): Promise<ApiResponse> =>
      hand ? hand(request, there) : there();
    if (READS.has(request.method)) return through(pass);
    const write = { method: request.method, path: request.path, body: parsed(request.body) };
    // Each time it gets there: a hand may send it twice.
    const onward = (): Promise<ApiResponse> => through(() => this.#noted(write, pass));
    const first = this.#holdings.find((h) => !h.hasCaught && h.which(write));
    const later = this.#holdings.find((h) => h.hasCaught && h.rest(write));
    const holding = first ?? later;
    if (holding) holding.hasCaught = true;
    const isLate = first === undefined || first.side === 'request';
    if (holding && isLate) {
      const arriving = holding.until.then((how) => (how === 'drop' ? failure(503) : onward()));
      holding.held.push(arriving);
      holding.catch();
      return await arriving;
    }
    const answer = await onward();
    if (holding) {
      holding.catch();
      await holding.until;
    }
    return answer;
  }

  async #noted(write: Pick<Write, 'method' | 'path' | 'body'>, pass: () => Promise<ApiResponse>): Promise<ApiResponse> {
    const answer = await pass();
    if (isStream(answer)) return answer;
    const object = parsed(answer.body) as (Write['answer'] & { metadata?: { resourceVersion?: string } }) | undefined;
    const revision = object?.metadata?.resourceVersion;
    this.writes.push({
      ...write,
      status: answer.status,
      revision: revision === undefined ? undefined : Number(revision),
      answer: object ?? {},
    });
    return answer;
  }
}
