/** Asks before a screen with unsaved changes is left, whichever way: a link, a key, the Back button. */
import { useEffect, useRef, useState } from "react";
import { holdRoute, letRouteGo } from "./router";

export interface Leaving {
  /** Whether somebody wants to leave and must be asked. */
  asking: boolean;
  stay: () => void;
  /** Leaves as wanted; the changes are lost. */
  leave: () => void;
  /** Leaves in this way, once it was asked whether. */
  ask: (way: () => void) => void;
  /** From now on leaving asks nothing: what was unsaved is saved. */
  release: () => void;
}

export function useLeaving(unsaved: boolean): Leaving {
  const [way, setWay] = useState<(() => void) | null>(null);
  const held = useRef(false);
  useEffect(() => {
    held.current = unsaved;
    if (!unsaved) return undefined;
    holdRoute((hash) => {
      if (!held.current) return false;
      setWay(() => () => {
        window.location.hash = hash;
      });
      return true;
    });
    return letRouteGo;
  }, [unsaved]);
  const release = () => {
    held.current = false;
    letRouteGo();
  };
  return {
    asking: way !== null,
    stay: () => setWay(null),
    leave: () => {
      release();
      setWay(null);
      way?.();
    },
    ask: (asked) => (held.current ? setWay(() => asked) : asked()),
    release,
  };
}
