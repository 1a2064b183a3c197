/** Three numbered steps that lead a newcomer through one rollback and tick themselves off as they happen. */
import { useState } from 'preact/hooks';
import { wantedText } from '../message/composer.js';
import { workspace } from '../state/connection.js';
import { layout, openChannel } from '../state/layout.js';
import { useStore } from '../state/store.js';
import { html } from '../text/html.js';
import { practised, useProgress } from './progress.js';
import { change, world } from './world.js';

const command = `/rollback ${practised} production`;

/** "v1.4.2" → "v1.4.3". */
export const nextVersion = (version) => version.replace(/(\d+)(?!.*\d)/, (last) => String(Number(last) + 1));

function Step({ number, isDone, isCurrent, children }) {
  const className = `step${isDone ? ' step-done' : ''}${isCurrent ? ' step-current' : ''}`;
  return html`<li class=${className} aria-current=${isCurrent ? 'step' : undefined}>
    <span class="step-number">${isDone ? html`<span aria-label=${`Step ${number}, done`}>✓</span>` : number}</span>
    <div class="step-body">${children}</div>
  </li>`;
}

const Part = ({ isDone, children }) =>
  html`<li class=${isDone ? 'part part-done' : 'part'}>
    <span aria-hidden="true">${isDone ? '✓' : '○'}</span> ${children}
  </li>`;

export function Doing({ label, run, class: className = 'button', disabled = false }) {
  const [busy, setBusy] = useState(false);
  const press = async () => {
    setBusy(true);
    await run();
    setBusy(false);
  };
  return html`<button
    type="button"
    class=${`${className}${busy ? ' button-busy' : ''}`}
    disabled=${busy || disabled}
    onClick=${press}
  >
    ${label}
  </button>`;
}

function typeIt() {
  const { channels } = workspace.get();
  openChannel((channels.find((channel) => channel.name === 'incidents') ?? channels[0]).id);
  wantedText.set(command);
}

function useNextVersion() {
  const running = useStore(world, (state) => state?.services.find((one) => one.name === practised)?.wanted) ?? 'v1.4.2';
  return nextVersion(running);
}

export function Steps() {
  const { done, current } = useProgress();
  const next = useNextVersion();
  const hasThread = useStore(layout, (state) => state.thread !== undefined);
  const primary = (number) => (current === number ? 'button button-primary' : 'button');
  return html`<section class="steps" aria-label="Three steps">
    <ol>
      <${Step} number=${1} isDone=${done.deployed} isCurrent=${current === 1}>
        <p>Deploy a bad version of <b>${practised}</b>.</p>
        <${Doing}
          class=${primary(1)}
          label=${`Deploy ${next}`}
          run=${() => change({ action: 'deploy-bad', service: practised })}
        />
      <//>
      <${Step} number=${2} isDone=${done.asked} isCurrent=${current === 2}>
        <p>Type <code>${command}</code> in <b>#incidents</b>.</p>
        <button type="button" class=${primary(2)} onClick=${typeIt}>Type it for me</button>
      <//>
      <${Step} number=${3} isDone=${done.ended && done.resolved} isCurrent=${current === 3}>
        <p>Choose a reason, press the button, then follow the thread and tick the checklist.</p>
        <ul class="parts">
          <${Part} isDone=${done.started}>Read the form, choose a reason, press “Roll back 1 service”<//>
          <${Part} isDone=${done.started && (hasThread || done.ticked)}>Open the thread: “replies”<//>
          <${Part} isDone=${done.ended}>ROLLBACK COMPLETE is posted<//>
          <${Part} isDone=${done.ticked}>Tick what you have checked<//>
          <${Part} isDone=${done.resolved}
            >Quiet for 15 minutes, then resolved; not all ticked? Press “Mark resolved” when it asks<//
          >
        </ul>
        <${Doing}
          class=${current === 3 && done.waits ? 'button button-primary' : 'button'}
          label="Skip the 15 minutes"
          run=${() => change({ action: 'skip', minutes: 15 })}
        />
      <//>
    </ol>
    ${!current && html`<p class="steps-end">That was a rollback. Now break something else below.</p>`}
    <${Doing} class="button button-small" label="Start over" run=${() => change({ action: 'start-over' })} />
  </section>`;
}
