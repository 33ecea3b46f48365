/** The width that an element has, kept up to date. */
import { type RefObject, useLayoutEffect, useRef, useState } from 'react';

export const useWidth = (): readonly [RefObject<HTMLElement | null>, number] => {
  const box = useRef<HTMLElement>(null);
  const [width, setWidth] = useState(480);
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    const measure = (): void => setWidth(Math.max(240, Math.round(element.clientWidth)));
    measure();
    const seen = new ResizeObserver(measure);
    seen.observe(element);
    return () => seen.disconnect();
  }, []);
  return [box, width];
};
