/** Asks before a screen with unsaved changes is left, whichever way: a link, a key, the Back button. */
import { useEffect, useRef, useState } from "react";
import { holdRoute, letRouteGo } from "./router";

export interface Leaving {
  /** Whether somebody wants to leave and must be asked. */
  asking: boolean;
  stay: () => void;
  /** Leaves as wanted; the changes are lost. */
  leave: () => void;
  /** From now on leaving asks nothing: what was unsaved is saved. */
  release: () => void;
}

export function useLeaving(unsaved: boolean): Leaving {
  const [to, setTo] = useState<string | null>(null);
  const held = useRef(false);
  useEffect(() => {
    held.current = unsaved;
    if (!unsaved) return undefined;
    holdRoute((hash) => {
      if (!held.current) return false;
      setTo(hash);
      return true;
    });
    return letRouteGo;
  }, [unsaved]);
  const release = () => {
    held.current = false;
    letRouteGo();
  };
  return {
    asking: to !== null,
    stay: () => setTo(null),
    leave: () => {
      release();
      if (to !== null) window.location.hash = to;
    },
    release,
  };
}
