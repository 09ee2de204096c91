/** Log lines for the fake platform, made from their number so that a million of them cost nothing. */
import type { Job, Level, LogLine } from "../bindings";

export type LogSource = { total: number; line(index: number): [Level, string] };

/** The log of a job as Borg would have written it. */
export function logOf(job: Job): LogSource {
  const lines: [Level, string][] = [
    ["INFO", `Job ${job.id}, started ${job.triggered_by === "schedule" ? "by schedule" : "by hand"}`],
    ["DEBUG", job.command ?? "borg create"],
  ];
  if (job.archive_name) lines.push(["INFO", `Creating archive ${job.archive_name}`]);
  if (job.status === "failed" && job.error_code === "connection_lost") {
    lines.push(
      ["WARNING", "/data/Photos/Previews.lrdata/root-pixels.db: file changed while we backed it up"],
      ["INFO", "Checkpoint written"],
      ["WARNING", "Remote: send disconnect: Broken pipe"],
      ["ERROR", "Connection closed by remote host"],
      ["ERROR", "borg ended with code 80 (ConnectionClosed)"],
      ["INFO", "Prune skipped: the backup did not finish"],
    );
  } else if (job.status === "failed") {
    lines.push(["ERROR", job.error_message ?? "borg ended with code 2"]);
  }
  if (job.warnings > 0) {
    lines.push([
      "WARNING",
      "/home/marta/.config/Signal/sql/db.sqlite-wal: file changed while we backed it up",
    ]);
  }
  if (job.status === "completed" || job.status === "completed_with_warnings") {
    lines.push(["INFO", `${job.progress_details.nfiles} files, archive is safe`]);
  }
  if (job.maintenance_status === "compact_failed") {
    lines.push(["WARNING", "compact: /srv/backups/office: No space left on device"]);
  }
  if (job.status === "cancelled") lines.push(["INFO", "Stopped by request, checkpoint written"]);
  return { total: lines.length, line: (index) => lines[index] ?? ["INFO", ""] };
}

/** A log of `total` lines: a warning now and then, a few errors. */
export function longLog(total: number): LogSource {
  return {
    total,
    line(index) {
      if (index > 0 && index % 250_007 === 0) return ["ERROR", `/srv/www/shard-${index}: Input/output error`];
      if (index > 0 && index % 9_973 === 0) {
        return ["WARNING", `/srv/www/assets/${index}.tmp: file changed while we backed it up`];
      }
      const folder = index % 977;
      return ["INFO", `A /srv/www/assets/folder-${folder}/picture with a name-${index}.jpeg`];
    },
  };
}

export function logLine(source: LogSource, index: number, start: Date): LogLine {
  const [level, text] = source.line(index);
  const time = new Date(start.getTime() + index * 40).toISOString();
  return { line_number: index + 1, content: `${time} ${level} ${text}`, time, level, text };
}
