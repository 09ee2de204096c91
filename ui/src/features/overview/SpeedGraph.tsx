import { useId, useState } from "react";
import { Button } from "../../components/Button";
import { clockDuration } from "../../format/duration";
import { speed } from "../../format/speed";
import { useSpeeds } from "../jobs/LiveProvider";
import type { Speed } from "../jobs/speeds";
import "./speedgraph.css";

const WIDTH = 240;
const HEIGHT = 48;
/** So many rows a person has read to them, evenly over the run. */
const ROWS = 12;

/** How fast a backup was until now, for those who ask: a line to look at, a table to read. */
export function SpeedGraph({ id, name }: { id: number; name: string }) {
  const [open, setOpen] = useState(false);
  const points = useSpeeds(id);
  const graph = useId();
  return (
    <div className="speed-graph">
      <Button
        size="sm"
        kind="ghost"
        aria-expanded={open}
        aria-controls={graph}
        onClick={() => setOpen(!open)}
      >
        {open ? "Hide speed" : "Show speed"}
      </Button>
      <div id={graph}>
        {open &&
          (points.length < 2 ? (
            <p className="hint">There is nothing to draw yet.</p>
          ) : (
            <Graph points={points} name={name} />
          ))}
      </div>
    </div>
  );
}

function Graph({ points, name }: { points: readonly Speed[]; name: string }) {
  const top = Math.max(...points.map((point) => point.speed), 1e-3);
  const from = points[0]?.at ?? 0;
  const span = Math.max((points.at(-1)?.at ?? 0) - from, 1);
  const line = points
    .map(
      ({ at, speed }) =>
        `${(((at - from) / span) * WIDTH).toFixed(1)},${(HEIGHT * (1 - speed / top)).toFixed(1)}`,
    )
    .join(" ");
  return (
    <figure>
      <div className="scale hint num" aria-hidden="true">
        <span>{speed(top)}</span>
        <span>0</span>
      </div>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
        <polygon points={`0,${HEIGHT} ${line} ${WIDTH},${HEIGHT}`} />
        <polyline points={line} />
      </svg>
      <div className="sr">
        <table>
          <caption>Speed of {name}</caption>
          <thead>
            <tr>
              <th scope="col">After</th>
              <th scope="col">Speed</th>
            </tr>
          </thead>
          <tbody>
            {evenly(points).map(({ at, speed: was }) => (
              <tr key={at}>
                <td>{clockDuration(at)}</td>
                <td>{speed(was)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </figure>
  );
}

function evenly(points: readonly Speed[]): readonly Speed[] {
  const step = Math.max(1, Math.ceil(points.length / ROWS));
  return points.filter((_, index) => index % step === 0);
}
