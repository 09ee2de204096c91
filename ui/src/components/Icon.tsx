import { type IconName, icons } from "./icons";

type Size = 12 | 14 | 16 | 20 | 24;

/** A picture that says nothing a text beside it does not say: hidden from screen readers. */
export function Icon({ name, size = 16 }: { name: IconName; size?: Size }) {
  return (
    <svg className={size === 16 ? "i" : `i i-${size}`} viewBox="0 0 16 16" aria-hidden="true">
      {icons[name]}
    </svg>
  );
}
