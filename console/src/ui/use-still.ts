/** A click is lost where what it began on moves away before the button is let go. */
import { useEffect, useRef, useState } from 'react';

/** `value`; while the main button or a finger is down, what it was when that went down. */
export const useStillWhilePressed = <T>(value: T): T => {
  const latest = useRef(value);
  const [held, setHeld] = useState<{ readonly value: T }>();
  useEffect(() => {
    latest.current = value;
  });
  useEffect(() => {
    const ends = new AbortController();
    const { signal } = ends;
    // The click itself comes right after, and is to find what was pressed.
    const letGo = (): void => void setTimeout(() => setHeld(undefined));
    addEventListener(
      'pointerdown',
      ({ button }) => {
        if (button === 0) setHeld({ value: latest.current });
      },
      { signal },
    );
    addEventListener('pointerup', letGo, { signal });
    addEventListener('pointercancel', letGo, { signal });
    return () => ends.abort();
  }, []);
  return held === undefined ? value : held.value;
};
