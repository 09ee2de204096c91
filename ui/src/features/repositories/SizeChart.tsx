import { useId, useState } from "react";
import { Button } from "../../components/Button";
import { Segmented } from "../../components/Segmented";
import { counted } from "../../format/count";
import { size } from "../../format/size";
import { dayName, when, whenInSentence } from "../../format/time";
import type { RepositorySize } from "../../platform/bindings";
import { ceiling, linePath, type Range, rangesOf, within } from "./chart";
import "./chart.css";

const RANGE_LABEL: Record<Range, string> = { month: "30 days", year: "12 months", all: "All" };
const SOURCE_LABEL: Record<RepositorySize["source"], string> = { backup: "A backup", asked: "Measured" };

/** What was stored over time: a line, or the same numbers as a table. */
export function SizeChart({ sizes, now }: { sizes: RepositorySize[]; now: Date }) {
  const heading = useId();
  const ranges = rangesOf(sizes, now);
  const [chosen, setChosen] = useState<Range>("all");
  const [table, setTable] = useState(false);
  const range = ranges.includes(chosen) ? chosen : "all";
  const shown = within(sizes, range, now);
  return (
    <div className="size-chart">
      <div className="chart-head">
        <h3 id={heading}>Stored over time</h3>
        {ranges.length > 1 && (
          <Segmented
            labelledBy={heading}
            value={range}
            choices={ranges.map((each) => [each, RANGE_LABEL[each]] as const)}
            onChange={setChosen}
          />
        )}
        <Button size="sm" kind="ghost" aria-pressed={table} onClick={() => setTable(!table)}>
          {table ? "Show as chart" : "Show as table"}
        </Button>
      </div>
      {shown.length < 2 && !table ? (
        <p className="hint chart-none">A line needs two sizes. The next backup brings one.</p>
      ) : table ? (
        <SizeTable sizes={shown} now={now} labelledBy={heading} />
      ) : (
        <Plot sizes={shown} now={now} />
      )}
    </div>
  );
}

function Plot({ sizes, now }: { sizes: RepositorySize[]; now: Date }) {
  const [first, last] = [sizes[0], sizes.at(-1)];
  if (!first || !last) return null;
  const top = ceiling(Math.max(...sizes.map((each) => each.deduplicated_size)));
  const line = linePath(sizes, top);
  const sentence = `${counted(sizes.length, "size")}: ${size(first.deduplicated_size)} ${whenInSentence(first.at, now)}, ${size(last.deduplicated_size)} ${whenInSentence(last.at, now)}`;
  return (
    <div className="plot" role="img" aria-label={sentence}>
      <div className="plot-y">
        <span>{size(top)}</span>
        <span>{size(top / 2)}</span>
        <span>0</span>
      </div>
      <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
        <path className="grid" d="M0 0H100M0 50H100M0 100H100" />
        <path className="fill" d={`${line}V100H0Z`} />
        <path className="stored" d={line} />
      </svg>
      <div className="plot-x">
        <span>{dayName(new Date(first.at), now)}</span>
        <span>{dayName(new Date(last.at), now)}</span>
      </div>
    </div>
  );
}

function SizeTable({ sizes, now, labelledBy }: { sizes: RepositorySize[]; now: Date; labelledBy: string }) {
  return (
    <div className="size-table" tabIndex={0} role="region" aria-labelledby={labelledBy}>
      <table>
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">Known from</th>
            <th scope="col" className="r">
              All archives
            </th>
            <th scope="col" className="r">
              Stored
            </th>
          </tr>
        </thead>
        <tbody>
          {[...sizes].reverse().map((each) => (
            <tr key={each.at}>
              <th scope="row">{when(each.at, now)}</th>
              <td>{SOURCE_LABEL[each.source]}</td>
              <td className="r num">{size(each.original_size)}</td>
              <td className="r num strong">{size(each.deduplicated_size)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
