/** The field somebody types in while a key does something elsewhere. */
import { flushSync } from "react-dom";

/** Leaves the field, so that what is typed there counts, and returns it. */
export function leaveField(): HTMLElement | null {
  const field = document.activeElement;
  if (!(field instanceof HTMLElement)) return null;
  flushSync(() => field.blur());
  return field;
}
