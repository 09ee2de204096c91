import type { ReactNode } from "react";
import { go } from "../../app/router";
import { Button } from "../../components/Button";
import type { Job } from "../../platform/bindings";
import { CancelButton } from "../jobs/CancelButton";

/** The first line of the card of a running job: what it is, and what can be done with it. */
export function CardTop({
  id,
  title,
  hint,
  job,
  name,
}: {
  id: string;
  title: string;
  hint: ReactNode;
  job: Job;
  /** What the job is called where it is cancelled. */
  name: string;
}) {
  return (
    <div className="top">
      <h2 id={id}>{title}</h2>
      <span className="hint trunc num">{hint}</span>
      <div className="end row">
        <Button size="sm" kind="ghost" onClick={() => go({ screen: "jobs", job: job.id })}>
          Show log
        </Button>
        <CancelButton job={job} name={name} />
      </div>
    </div>
  );
}
