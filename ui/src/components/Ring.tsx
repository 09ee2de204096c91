const RADIUS = 6.25;
const LENGTH = 2 * Math.PI * RADIUS;

/**
 * The mark of a running job: an arc of its percent, a quarter while the total is unknown.
 * It never spins: without a GPU a spinning ring alone costs a whole core.
 */
export function Ring({ percent, size = 16 }: { percent: number | null; size?: 14 | 16 | 20 }) {
  const part = percent === null ? 0.25 : Math.max(percent / 100, 0.02);
  return (
    <svg className={size === 16 ? "i" : `i i-${size}`} viewBox="0 0 16 16" aria-hidden="true">
      <circle cx="8" cy="8" r={RADIUS} opacity="0.28" />
      <circle
        cx="8"
        cy="8"
        r={RADIUS}
        strokeDasharray={`${part * LENGTH} ${LENGTH}`}
        transform="rotate(-90 8 8)"
      />
    </svg>
  );
}
