/** The nine services, live: version, one dot per pod, health, failing traffic. A row picks the service that the buttons below are about. */
import { html, memo } from '../text/html.js';
import { isFailing } from './pods.js';

const percent = (rate) => (rate > 0 && rate < 0.001 ? '<0.1 %' : `${(rate * 100).toFixed(rate < 0.1 ? 1 : 0)} %`);

const podTitle = (pod) => `${pod.name} · ${pod.version} · ${pod.ready ? 'ready' : (pod.reason ?? 'not ready yet')}`;

const podClass = (pod) => (pod.ready ? 'pod pod-ready' : isFailing(pod) ? 'pod pod-failing' : 'pod');

function Pods({ service }) {
  const ready = service.pods.filter((pod) => pod.ready).length;
  return html`<span class="pods" role="img" aria-label=${`${ready} of ${service.desired} pods ready`}>
    ${service.pods.map((pod) => html`<span key=${pod.name} class=${podClass(pod)} title=${podTitle(pod)}></span>`)}
  </span>`;
}

function Health({ health }) {
  const words = health.status === 'no answer' ? 'no answer' : `${health.status} · ${Math.round(health.latencyMs)} ms`;
  return html`<span
    class=${health.ok ? 'health' : 'health health-bad'}
    title=${health.ok ? 'Health check passes' : 'Health check fails'}
  >
    ${words}
  </span>`;
}

function firstReason(service) {
  return service.pods.find(isFailing)?.reason;
}

const ServiceRow = memo(({ service, isPicked, pick }) => {
  const rolling = service.version !== service.wanted;
  const reason = firstReason(service);
  return html`<li>
    <button
      type="button"
      class=${isPicked ? 'service service-picked' : 'service'}
      aria-pressed=${isPicked ? 'true' : 'false'}
      onClick=${() => pick(service.name)}
    >
      <span class="service-row">
        <span class="service-name">${service.name}</span>
        <span title=${`revision ${service.revision}`}>
          ${service.version}${rolling ? html` → <b>${service.wanted}</b>` : ''}
        </span>
      </span>
      <span class="service-row">
        <${Pods} service=${service} />
        <${Health} health=${service.health} />
        <span class=${service.errorRate > 0.02 ? 'errors errors-bad' : 'errors'} title="Share of requests that fail">
          ${percent(service.errorRate)} errors
        </span>
      </span>
      ${reason && html`<span class="service-reason">${reason}</span>`}
    </button>
  </li>`;
});

/** Rows whose service did not change keep their object, so that `memo` skips them. */
const held = new Map();

export function keepUnchanged(services) {
  return services.map((service) => {
    const words = JSON.stringify(service);
    const before = held.get(service.name);
    if (before?.words === words) return before.service;
    held.set(service.name, { words, service });
    return service;
  });
}

export const Services = ({ services, picked, pick }) =>
  html`<ul class="services" aria-label="Services in production">
    ${keepUnchanged(services).map(
      (service) =>
        html`<${ServiceRow} key=${service.name} service=${service} isPicked=${service.name === picked} pick=${pick} />`,
    )}
  </ul>`;
