import { capitalized } from "../../format/case";
import { count, counted } from "../../format/count";
import { size } from "../../format/size";
import type { Repository } from "../../platform/bindings";
import type { Measured } from "../folders/useMeasures";
import { chosenWords } from "./conditions";
import type { PlanForm } from "./form";
import { keepsAll, keepWords, spanWords } from "./keep";
import { useSchedulePreview } from "./queries";
import { cronOf, whenWords } from "./schedule";

/** The plan in plain words, beside its fields. */
export function Summary({
  form,
  measures,
  repositories,
}: {
  form: PlanForm;
  measures: Measured[];
  repositories: Repository[];
}) {
  const destination = repositories.find((each) => each.id === form.repository);
  const to = destination?.name;
  const waits = cronOf(form.when) === null ? null : chosenWords(form.conditions, destination);
  const known = measures.flatMap(({ measure }) => measure ?? []);
  const all = known.length === form.sources.length && known.length > 0;
  const more = known.some((measure) => !measure.complete) ? "more than " : "";
  const sum = (pick: "bytes" | "files") => known.reduce((total, measure) => total + measure[pick], 0);
  const words = whenWords(form.when, useSchedulePreview(cronOf(form.when), form.when.zone).schedule?.words);
  const removes = form.removesOld && !keepsAll(form.keep);
  return (
    <aside className="summary" aria-label="Summary">
      <h2>In plain words</h2>
      {form.sources.length === 0 ? (
        <p>Nothing is chosen yet. Add the folders you would miss.</p>
      ) : (
        <p>
          <b>{capitalized(words)}</b>, Alcove backs up <b>{counted(form.sources.length, "folder")}</b>
          {to && (
            <>
              {" "}
              to <b>{to}</b>
            </>
          )}
          .{waits && ` It waits for ${waits}.`}
        </p>
      )}
      <p>
        {removes ? (
          <>
            You can go back to{" "}
            {form.keep.within + form.keep.last === 0 ? (
              <>
                any of the last <b>{spanWords(form.keep)}</b>
              </>
            ) : (
              <b>{keepWords(form.keep)}</b>
            )}
            .
          </>
        ) : (
          "You can go back to every backup ever made."
        )}
      </p>
      {all && (
        <dl>
          <div>
            <dt>To back up</dt>
            <dd>
              {more}
              {size(sum("bytes"))}
            </dd>
          </div>
          <div>
            <dt>Files</dt>
            <dd>
              {more}
              {count(sum("files"))}
            </dd>
          </div>
        </dl>
      )}
    </aside>
  );
}
