import type { App, SlackViewAction, ViewClosedAction, ViewResponseAction } from '@slack/bolt';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { ModalView } from '@slack/types';
import { input, modal, refusal, section } from './builders.ts';
import { connect, until } from './bolt-app.ts';
import type { Connected } from './bolt-app.ts';

let connected: Connected;
afterEach(() => connected.stop());

/** An app that opens this modal on /rollback, and answers submissions so. */
const opening =
  (view: ModalView, answer: (body: SlackViewAction) => ViewResponseAction | undefined = () => undefined) =>
  (app: App): void => {
    app.command('/rollback', async ({ ack, client, body }) => {
      await ack();
      await client.views.open({ trigger_id: body.trigger_id, view });
    });
    app.view('form', async ({ ack, body }) => {
      const response = answer(body);
      await (response ? ack(response) : ack());
    });
  };

async function openForm(): Promise<ReturnType<Connected['slack']['person']>> {
  const maya = connected.slack.person('U0ONCALL');
  await maya.type('#incidents', '/rollback');
  await until(() => maya.modal(), 'the modal');
  return maya;
}

describe('a modal', () => {
  it('opens by a trigger, hands over what was typed, and closes', async () => {
    let values: unknown;
    const view = modal('Form', { blocks: [input('reason', 'Reason'), input('note', 'Note', { optional: true })] });
    connected = await connect(opening(view, (body) => void (values = body.view.state.values)));
    const maya = await openForm();
    await maya.fill('Reason', 'all logins fail');
    expect(await maya.submit()).toEqual({ ok: true });
    expect(values).toEqual({
      reason: { reason: { type: 'plain_text_input', value: 'all logins fail' } },
      note: { note: { type: 'plain_text_input', value: null } },
    });
    expect(maya.modal()).toBeUndefined();
  });

  it('asks for a required field before anything is sent', async () => {
    connected = await connect(opening(modal('Form', { blocks: [input('reason', 'Reason')] })));
    const maya = await openForm();
    await maya.submit();
    expect(maya.modal()?.errors).toEqual({ reason: 'Please complete this required field.' });
  });

  it('shows the field errors of the app and stays open', async () => {
    const errors = { reason: 'Say more.' };
    const view = modal('Form', { blocks: [input('reason', 'Reason')] });
    connected = await connect(opening(view, () => ({ response_action: 'errors', errors })));
    const maya = await openForm();
    await maya.fill('Reason', 'x');
    await maya.submit();
    expect(maya.modal()?.errors).toEqual(errors);
  });

  it('shows trouble when the errors name a block that is no input', async () => {
    const view = modal('Form', { blocks: [{ ...section('Hi'), block_id: 'words' }] });
    connected = await connect(opening(view, () => ({ response_action: 'errors', errors: { words: 'no' } })));
    const maya = await openForm();
    expect(await maya.submit()).toEqual({ ok: false, error: 'invalid_error_blocks' });
    expect(maya.notices().join()).toMatch(/trouble connecting/);
    expect(maya.modal()?.title).toBe('Form');
  });

  it('is replaced, stacked upon and cleared as the answer says', async () => {
    const answers: Record<string, ViewResponseAction> = {
      One: { response_action: 'update', view: modal('Two') },
      Two: { response_action: 'push', view: modal('Three') },
      Three: { response_action: 'clear' },
    };
    connected = await connect(opening(modal('One'), (body) => answers[body.view.title.text]));
    const maya = await openForm();
    await maya.submit();
    expect(maya.modal()?.title).toBe('Two');
    await maya.submit();
    expect(maya.modal()?.title).toBe('Three');
    await maya.close();
    expect(maya.modal()?.title).toBe('Two');
    await maya.submit();
    await maya.submit();
    expect(maya.modal()).toBeUndefined();
  });

  it('stacks three views and no fourth', async () => {
    const push: ViewResponseAction = { response_action: 'push', view: modal('More') };
    connected = await connect(opening(modal('First'), () => push));
    const maya = await openForm();
    const outcomes = [await maya.submit(), await maya.submit(), await maya.submit()];
    expect(outcomes).toEqual([{ ok: true }, { ok: true }, { ok: false, error: 'push_limit_reached' }]);
  });

  it('tells the app of closing only when it asked', async () => {
    const closed: unknown[] = [];
    connected = await connect((app) => {
      opening(modal('Form', { notify_on_close: true }))(app);
      app.view({ type: 'view_closed', callback_id: 'form' }, async ({ ack, body }) => {
        closed.push((body as ViewClosedAction).is_cleared);
        await ack();
      });
    });
    const maya = await openForm();
    await maya.close();
    expect(closed).toEqual([false]);
  });

  it('keeps what was typed across an update with the same ids, and starts anew under new ids', async () => {
    connected = await connect(opening(modal('Form', { blocks: [input('reason', 'Reason')] })));
    const maya = await openForm();
    await maya.fill('Reason', 'typed before');
    const { id, hash } = maya.modal()!;
    const blocks = [section('Plan ready'), input('reason', 'Reason')];
    await connected.client.views.update({ view_id: id, hash, view: modal('Form', { blocks }) });
    expect(maya.modal()?.reads).toBe('Plan ready\nReason\n(typed before)');
    const renamed = { ...input('reason2', 'Reason') };
    await connected.client.views.update({ view_id: id, view: modal('Form', { blocks: [renamed] }) });
    expect(maya.modal()?.reads).toBe('Reason\n(…)');
    const stale = connected.client.views.update({ view_id: id, hash, view: modal('Late') });
    expect(await refusal(stale)).toBe('hash_conflict');
  });

  it('cannot be updated once the person closed it', async () => {
    connected = await connect(opening(modal('Form')));
    const maya = await openForm();
    const { id } = maya.modal()!;
    await maya.close();
    expect(await refusal(connected.client.views.update({ view_id: id, view: modal('Late') }))).toBe('not_found');
  });
});
