/** The HTTP routes of the emulated Slack. Each is a thin skin: it reads the request, asks the core, writes the answer. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Core } from '../core.ts';
import { takeAnswer } from '../interaction/answers.ts';
import { perform } from '../interactions.ts';
import { receiveUpload } from '../methods/files.ts';
import { clientEvent, snapshot } from '../people/client-view.ts';
import { coalesce } from '../people/coalesce.ts';
import { SlackError } from '../slack-error.ts';
import type { WebApi } from '../web-api.ts';
import { readBody, readFields, readUpload, sendJson } from './bodies.ts';
import { readAction } from './client-action.ts';

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  url: URL;
  /** What follows the route's prefix. */
  rest: string;
}

export type Route = (exchange: Exchange) => Promise<void> | void;

const contentType = ({ headers }: IncomingMessage): string => headers['content-type'] ?? '';

/** `POST /api/<method>`, form-encoded or JSON; `GET` with a query. */
export function apiRoute(webApi: WebApi): Route {
  return async ({ request, response, url, rest }) => {
    const body = readFields(await readBody(request), contentType(request));
    const { token: inBody, ...args } = { ...Object.fromEntries(url.searchParams), ...body } as Record<string, unknown>;
    const bearer = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
    const token = bearer ?? (typeof inBody === 'string' ? inBody : undefined);
    const outcome = await webApi.call({ method: rest, token, args });
    if (outcome.kind === 'lost') request.socket.destroy();
    else sendJson(response, outcome.status, outcome.body, outcome.headers);
  };
}

/** `POST /response/<id>`: what an app answers later. */
export function responseRoute(core: Core): Route {
  return async ({ request, response, rest }) => {
    if (core.faults.isDown) {
      request.socket.destroy();
      return;
    }
    const body = await readBody(request);
    await core.faults.waitFor('response_url');
    if (core.faults.refuseResponses) {
      sendJson(response, 500, { ok: false, error: 'internal_error' });
      return;
    }
    try {
      takeAnswer(core, core.responseUrls.use(rest), readFields(body, 'application/json'));
      sendJson(response, 200, { ok: true });
    } catch (error) {
      if (!(error instanceof SlackError)) throw error;
      const status = error.error === 'expired_url' || error.error === 'used_url' ? 404 : 400;
      sendJson(response, status, { ok: false, error: error.error, ...error.more });
    }
  };
}

/** `POST /upload/<file id>`: raw bytes, or a multipart form. */
export function uploadRoute(core: Core): Route {
  return async ({ request, response, rest }) => {
    const bytes = await readUpload(await readBody(request), contentType(request));
    if (core.faults.isDown) {
      request.socket.destroy();
      return;
    }
    try {
      receiveUpload(core, rest, bytes);
      response.writeHead(200).end(`OK - ${bytes.length}`);
    } catch (error) {
      if (!(error instanceof SlackError)) throw error;
      response.writeHead(error.error === 'upload_refused' ? 500 : 400).end(error.error);
    }
  };
}

/** `GET /files/<id>/<name>`. */
export function fileRoute(core: Core): Route {
  return ({ response, rest }) => {
    const file = core.workspace.files.find(rest.split('/')[0] ?? '');
    if (!file?.bytes) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, {
      'content-type': file.mimetype.startsWith('text/') ? `${file.mimetype}; charset=utf-8` : file.mimetype,
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    });
    response.end(file.bytes);
  };
}

/** Whoever opens the page without a name is the first person of the workspace. */
function firstPerson(core: Core): string {
  return [...core.workspace.users.values()].find((user) => !user.isBot)?.id ?? '';
}

/** `GET /client/events?user=U…`: a snapshot, then the changes. */
function streamEvents(core: Core, { response, url }: Exchange): void {
  const user = url.searchParams.get('user') || firstPerson(core);
  const first = snapshot(core, user);
  response.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  const send = (event: object): boolean => response.write(`data: ${JSON.stringify(event)}\n\n`);
  send({ type: 'snapshot', snapshot: first });
  const queue = coalesce(send);
  const stop = core.workspace.changes.listen((change) => {
    const event = clientEvent(core, user, change);
    if (event) queue.push(event);
  });
  response.on('close', () => {
    stop();
    queue.stop();
  });
}

/** `/client/*`: what people's clients see and do. */
export function clientRoute(core: Core): Route {
  return async (exchange) => {
    const { request, response, rest } = exchange;
    try {
      if (rest === 'events') {
        streamEvents(core, exchange);
        return;
      }
      const { user, ...fields } = readFields(await readBody(request), 'application/json');
      const action = readAction(rest, fields);
      if (typeof action === 'string')
        sendJson(response, 400, { ok: false, error: 'invalid_arguments', detail: action });
      else sendJson(response, 200, await perform(core, String(user), action));
    } catch (error) {
      if (!(error instanceof SlackError)) throw error;
      sendJson(response, 404, { ok: false, error: error.error });
    }
  };
}
