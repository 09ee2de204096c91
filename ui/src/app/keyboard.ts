/** Keys that work everywhere: Ctrl/Cmd+1..n opens a screen, Ctrl/Cmd+Q quits, F6 walks through the regions. */
import { useEffect } from "react";
import { usePlatform } from "../platform/context";
import { leaveField } from "./field";
import { SCREENS } from "./Sidebar";

const FOCUSABLE =
  'a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), [tabindex]:not([tabindex="-1"])';

/** The first control of a region that is of no region inside it. */
function firstOf(region: HTMLElement): HTMLElement | undefined {
  const controls = [...region.querySelectorAll<HTMLElement>(FOCUSABLE)];
  return controls.find((control) => control.closest("[data-region]") === region);
}

function moveRegion(step: 1 | -1): void {
  const regions = [...document.querySelectorAll<HTMLElement>("[data-region]")].filter(firstOf);
  if (regions.length === 0) return;
  // The innermost region that holds the focus: a panel lies inside the main region.
  const here = regions.findLastIndex((region) => region.contains(document.activeElement));
  const next = regions[(here + step + regions.length) % regions.length];
  if (next) firstOf(next)?.focus();
}

export function useShellKeys(): void {
  const platform = usePlatform();
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      // A dialog keeps the keyboard to itself.
      if (document.querySelector('[role="dialog"], [role="alertdialog"]')) return;
      if (event.key === "F6") {
        event.preventDefault();
        moveRegion(event.shiftKey ? -1 : 1);
      } else if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) {
        if (event.key === "q") {
          event.preventDefault();
          void platform.call("quit", {});
          return;
        }
        const screen = SCREENS[Number(event.key) - 1];
        if (!screen) return;
        event.preventDefault();
        leaveField();
        window.location.hash = screen.href;
      }
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [platform]);
}
