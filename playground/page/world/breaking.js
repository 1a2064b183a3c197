/** Buttons that break the world, and mend it. */
import { html } from '../text/html.js';
import { Doing } from './steps.js';
import { change } from './world.js';

const deploys = [
  ['deploy-bad', 'Bad version', 'A new version that starts but answers 500'],
  ['deploy-crash-loop', 'Crash loop', 'A new version that exits at once'],
  ['deploy-slow', 'Slow version', 'A new version that answers too late'],
  ['deploy-good', 'Colleague’s deploy', 'A healthy new version by somebody else'],
];

export const DeployButtons = ({ service, names, pick }) =>
  html`<div class="breaking-group">
    <label class="picker-label">
      Deploy to
      <select value=${service} onChange=${(event) => pick(event.currentTarget.value)}>
        ${names.map((name) => html`<option key=${name} value=${name}>${name}</option>`)}
      </select>
    </label>
    <div class="button-grid">
      ${deploys.map(
        ([action, label, title]) =>
          html`<span key=${action} title=${title}>
            <${Doing} class="button button-small" label=${label} run=${() => change({ action, service })} />
          </span>`,
      )}
    </div>
    <${Doing}
      class="button button-small"
      label="Post an alert in #incidents"
      run=${() => change({ action: 'alert', service })}
    />
  </div>`;

function Switch({ label, detail, isOn, flip }) {
  return html`<button
    type="button"
    class="switch"
    role="switch"
    aria-checked=${isOn ? 'true' : 'false'}
    onClick=${flip}
  >
    <span class="switch-track" aria-hidden="true"></span>
    <span class="switch-text"><b>${label}</b><span>${detail}</span></span>
  </button>`;
}

const botWords = {
  running: (bot) => `Bot is running${bot.pid ? ` (process ${bot.pid})` : ''}`,
  starting: () => 'Bot is starting…',
  stopped: () => 'Bot is not running',
  'not started here': () => 'Bot is not started here',
};

function BotButtons({ bot }) {
  const isUp = bot.state === 'running' || bot.state === 'starting';
  const button = isUp
    ? html`<${Doing}
        key="kill"
        class="button button-small button-danger"
        label="Kill the bot"
        run=${() => change({ action: 'kill-bot' })}
      />`
    : html`<${Doing}
        key="start"
        class="button button-small button-primary"
        label="Start it again"
        run=${() => change({ action: 'start-bot' })}
      />`;
  return html`<div class="bot-state">
    <span class=${bot.state === 'running' ? 'presence presence-on' : 'presence'}></span>
    <span role="status">${botWords[bot.state](bot)}</span>
    ${bot.state !== 'not started here' && button}
  </div>`;
}

/** All the ways in which Slack misbehaves: switches for what lasts, buttons for what happens in an instant. */
function SlackTroubles({ troubles }) {
  const lasting = troubles.filter(({ isOn }) => isOn !== undefined);
  const atOnce = troubles.filter(({ isOn }) => isOn === undefined);
  const count = lasting.filter(({ isOn }) => isOn).length;
  return html`<details class="troubles">
    <summary>Slack misbehaves${count > 0 ? html` <b class="troubles-count">${count} on</b>` : ''}</summary>
    <div class="troubles-list">
      ${lasting.map(
        ({ name, label, detail, isOn }) =>
          html`<${Switch}
            key=${name}
            label=${label}
            detail=${detail}
            isOn=${isOn}
            flip=${() => change({ action: 'slack-trouble', name, on: !isOn })}
          />`,
      )}
      <div class="button-grid">
        <span title="Without a word of warning">
          <${Doing}
            class="button button-small"
            label="Drop the bot’s sockets"
            run=${() => change({ action: 'drop-socket' })}
          />
        </span>
        ${atOnce.map(
          ({ name, label, detail }) =>
            html`<span key=${name} title=${detail}>
              <${Doing}
                class="button button-small"
                label=${label}
                run=${() => change({ action: 'slack-trouble', name, on: true })}
              />
            </span>`,
        )}
      </div>
      <p class="troubles-more">
        More without a switch: be Sam and press a button that he may not, delete a message by its menu, close a form
        while it loads.
      </p>
    </div>
  </details>`;
}

export const Faults = ({ view }) =>
  html`<div class="breaking-group">
    <${Switch}
      label="Slack rate limiting"
      detail="Posts and edits answer 429"
      isOn=${view.faults.slackRateLimited}
      flip=${() => change({ action: 'slack-rate-limit', on: !view.faults.slackRateLimited })}
    />
    <${Switch}
      label="API server outage"
      detail="The cluster does not answer"
      isOn=${view.faults.apiServerDown}
      flip=${() => change({ action: 'api-server', up: view.faults.apiServerDown })}
    />
    <${Switch}
      label="Log reads hang"
      detail="No node answers who asks for logs"
      isOn=${view.faults.logReadsHang}
      flip=${() => change({ action: 'log-reads', hang: !view.faults.logReadsHang })}
    />
    <${BotButtons} bot=${view.bot} />
    <${SlackTroubles} troubles=${view.slackTroubles} />
  </div>`;
