/** A panel that opens beside its anchor, inside the window, and closes on Escape, on a click elsewhere and when the page scrolls. */
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

const gap = 4;

/** Below the anchor if it fits, else above; never over the window's edge. */
function place(anchor, panel, alignRight) {
  const from = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = panel;
  const below = from.bottom + gap;
  const fitsBelow = below + height <= innerHeight;
  const top = fitsBelow ? below : Math.max(gap, from.top - gap - height);
  const wanted = alignRight ? from.right - width : from.left;
  const left = Math.max(gap, Math.min(wanted, innerWidth - width - gap));
  panel.style.top = `${top}px`;
  panel.style.left = `${left}px`;
}

/**
 * @param {{ alignRight?: boolean, matchWidth?: boolean }} [options]
 * @returns {{ isOpen: boolean, open: () => void, close: () => void, anchor: object, panel: object }} put `anchor` and `panel` as refs
 */
export function usePopup({ alignRight = false, matchWidth = false } = {}) {
  const [isOpen, setOpen] = useState(false);
  const anchor = useRef(null);
  const panel = useRef(null);
  useLayoutEffect(() => {
    if (!isOpen || !panel.current || !anchor.current) return;
    if (matchWidth) panel.current.style.width = `${anchor.current.offsetWidth}px`;
    place(anchor.current, panel.current, alignRight);
  });
  useEffect(() => {
    if (!isOpen) return undefined;
    const inside = (event) => panel.current?.contains(event.target) || anchor.current?.contains(event.target);
    const onPointer = (event) => inside(event) || setOpen(false);
    const onScroll = (event) => panel.current?.contains(event.target) || setOpen(false);
    const onResize = () => setOpen(false);
    document.addEventListener('pointerdown', onPointer, true);
    document.addEventListener('scroll', onScroll, true);
    window.addEventListener('resize', onResize);
    return () => {
      document.removeEventListener('pointerdown', onPointer, true);
      document.removeEventListener('scroll', onScroll, true);
      window.removeEventListener('resize', onResize);
    };
  }, [isOpen]);
  return { isOpen, open: () => setOpen(true), close: () => setOpen(false), anchor, panel };
}
