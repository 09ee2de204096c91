/** Folders and files dragged from the desktop: the window is one large place to let go of them. */
import { useEffect, useRef, useState } from "react";
import { usePlatform } from "../../platform/context";

/** Returns whether something is held over the window; `onDrop` is given the absolute paths that are let go. */
export function useDrag(onDrop: (paths: readonly string[]) => void): boolean {
  const platform = usePlatform();
  const [over, setOver] = useState(false);
  const latest = useRef(onDrop);
  useEffect(() => {
    latest.current = onDrop;
  });
  useEffect(
    () =>
      platform.watchDrags((drag) => {
        setOver(drag.type === "over");
        // What lies over the page is answered first.
        const covered = document.querySelector('[role="dialog"], [role="alertdialog"]') !== null;
        if (drag.type === "dropped" && !covered) latest.current(drag.paths);
      }),
    [platform],
  );
  return over;
}
