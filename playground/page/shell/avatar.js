/** A person's or an app's picture: initials on a colour, since the playground loads nothing from elsewhere. */
import { workspace } from '../state/connection.js';
import { useStore } from '../state/store.js';
import { html, memo } from '../text/html.js';

const initials = (name) =>
  name
    .split(/\s+/)
    .map((word) => word.charAt(0))
    .filter((letter) => /\p{L}/u.test(letter))
    .slice(0, 2)
    .join('')
    .toUpperCase();

/** The app's own mark: an arrow that turns back. */
const turnBack = () =>
  html`<svg viewBox="0 0 24 24"><path d="M9.5 5 5 9.5 9.5 14M5.5 9.5H14a5 5 0 0 1 0 10H9" /></svg>`;

/** Slack's own colours come without a hash. */
const css = (color = '616061') => (color.startsWith('#') ? color : `#${color}`);

/** @param {{ user: { id: string, realName: string, color?: string }, size?: 'small' | 'tiny' }} props */
export const Avatar = memo(({ user, size = 'normal' }) => {
  const isApp = useStore(workspace, (state) => state.app.botUser === user.id);
  const className = ['avatar', `avatar-${String(size)}`, isApp && 'avatar-app'].filter(Boolean).join(' ');
  return html`<span class=${className} style=${{ background: isApp ? '' : css(user.color) }} aria-hidden="true">
    ${isApp ? turnBack() : initials(user.realName || '?')}
  </span>`;
});
