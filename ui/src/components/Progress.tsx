import "./progress.css";

/**
 * A bar. Without a percent it is a full muted bar that does not move: the counts beside it carry the news.
 * `label` makes it a progress bar for screen readers; without one it repeats what stands beside it.
 */
export function Progress({
  percent,
  label,
  text,
}: {
  percent: number | null;
  label?: string;
  text?: string | undefined;
}) {
  const bar = <i style={{ width: `${percent ?? 100}%` }} />;
  const className = percent === null ? "progress is-indeterminate" : "progress";
  if (!label) {
    return (
      <div className={className} role="presentation">
        {bar}
      </div>
    );
  }
  return (
    <div
      className={className}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent ?? undefined}
      aria-valuetext={text}
    >
      {bar}
    </div>
  );
}
