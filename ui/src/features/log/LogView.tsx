import { type KeyboardEvent, useCallback, useDeferredValue, useMemo, useRef, useState } from "react";
import { Button, IconButton } from "../../components/Button";
import { CopyButton } from "../../components/CopyButton";
import { Filter } from "../../components/Filter";
import { Icon } from "../../components/Icon";
import { Problem } from "../../components/Problem";
import { SearchField } from "../../components/SearchField";
import { toastDone, toastError, toastWarning } from "../../components/toasts";
import { count, counted } from "../../format/count";
import type { Job, LogLine } from "../../platform/bindings";
import { usePlatform } from "../../platform/context";
import { PlatformError } from "../../platform/platform";
import { hasEnded } from "../jobs/job";
import type { LogBook } from "./book";
import { fitting, type LevelFilter, useLogBook, useScan } from "./hooks";
import { LogLines, type LogLinesHandle } from "./LogLines";
import "./log.css";

const LEVELS = [
  ["problems", "Warnings and errors"],
  ["errors", "Errors"],
] as const;
/** A clipboard is not a file: more than this is saved, not copied. */
const MOST_COPIED = 50_000;

const isProblem = (line: LogLine) => line.level === "WARNING" || line.level === "ERROR";

/** The log of a job, while it runs and ever after. */
export function LogView({ job }: { job: Job }) {
  const book = useLogBook(job);
  const ended = hasEnded(job);
  const [level, setLevel] = useState<LevelFilter>("all");
  const [words, setWords] = useState("");
  const [follow, setFollow] = useState(!ended);
  const [line, setLine] = useState<number | null>(null);
  const lines = useRef<LogLinesHandle>(null);
  const search = useRef<HTMLInputElement>(null);

  const needle = useDeferredValue(words.trim());
  const levelFits = useMemo(() => fitting(level, ""), [level]);
  const wordFits = useMemo(() => (needle === "" ? null : fitting(level, needle)), [level, needle]);
  const filtered = useScan(book, levelFits);
  const found = useScan(book, wordFits);

  // Rows are lines, or with a level filter the lines that fit.
  const numbers = levelFits ? filtered.matches : null;
  const rowCount = numbers ? numbers.length : (book.total ?? 0);
  const indexAt = useCallback((row: number) => (numbers ? (numbers[row] ?? 0) : row), [numbers]);
  const onNeed = useCallback(
    (first: number, last: number) =>
      book.want(Array.from({ length: last - first + 1 }, (_, n) => indexAt(first + n))),
    [book, indexAt],
  );

  const goTo = (index: number) => {
    setFollow(false);
    setLine(index);
    lines.current?.show(numbers ? Math.max(0, numbers.indexOf(index)) : index);
  };
  const step = (direction: 1 | -1) => {
    const next = neighbour(found.matches, line, direction);
    if (next !== undefined) goTo(next);
  };
  const problems = useProblemSteps(book, line, goTo);

  const onKeyDown = (event: KeyboardEvent) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "f") {
      event.preventDefault();
      event.stopPropagation();
      search.current?.focus();
      return;
    }
    if (event.target === search.current || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key.toLowerCase() === "n") problems.step(event.shiftKey ? -1 : 1);
    else if (event.key === "End" && !ended) setFollow(true);
  };

  const place = line === null ? -1 : found.matches.indexOf(line);
  return (
    <div className="logview" onKeyDown={onKeyDown}>
      <div className="log-bar">
        <SearchField
          ref={search}
          label="Search log"
          value={words}
          onChange={(next) => {
            setWords(next);
            setLine(null);
          }}
          onKeyDown={(event) => event.key === "Enter" && step(event.shiftKey ? -1 : 1)}
        >
          {needle !== "" && (
            <>
              <span className="hint num nowrap" role="status">
                {found.matches.length === 0 && !found.done
                  ? "…"
                  : `${place >= 0 ? `${count(place + 1)}/` : ""}${count(found.matches.length)}${found.done && !found.capped ? "" : "+"}`}
              </span>
              <IconButton
                label="Previous match"
                icon="chev-u"
                kind="ghost"
                size="sm"
                onClick={() => step(-1)}
              />
              <IconButton label="Next match" icon="chev-d" kind="ghost" size="sm" onClick={() => step(1)} />
            </>
          )}
        </SearchField>
        <Filter
          name="Level"
          all="All levels"
          value={level === "all" ? null : level}
          choices={LEVELS}
          onChange={(next) => {
            setLevel(next ?? "all");
            setFollow(false);
          }}
        />
        {!ended && (
          <button
            type="button"
            className="filter"
            aria-pressed={follow}
            aria-label="Follow"
            title="Stay at the end (End)"
            onClick={() => setFollow(!follow)}
          >
            <Icon name="follow" size={14} />
            <span className="follow-text">Follow</span>
          </button>
        )}
        {needle === "" && (job.warnings > 0 || job.status === "failed") ? (
          <span className="btn-pair">
            <IconButton
              label="Previous problem (Shift+N)"
              icon="chev-u"
              size="sm"
              disabled={problems.looking !== null}
              onClick={() => problems.step(-1)}
            />
            <IconButton
              label="Next problem (N)"
              icon="chev-d"
              size="sm"
              disabled={problems.looking !== null}
              onClick={() => problems.step(1)}
            />
          </span>
        ) : null}
        <CopyButton label="Copy log" text={() => copied(book, levelFits)} />
        <SaveButton job={job} />
      </div>
      <Looking
        text={
          problems.looking !== null
            ? `Looking for a problem, line ${count(problems.looking)}`
            : problems.none
              ? problems.none
              : levelFits && !filtered.done
                ? `Filtering, ${count(filtered.looked)} of ${counted(book.total ?? 0, "line")}`
                : needle !== "" && !found.done
                  ? `Searching, ${count(found.looked)} of ${counted(book.total ?? 0, "line")}`
                  : null
        }
        onCancel={
          problems.looking !== null
            ? problems.stop
            : levelFits && !filtered.done
              ? filtered.stop
              : needle !== "" && !found.done
                ? found.stop
                : null
        }
      />
      {job.log_incomplete && (
        <p className="log-note">Some lines could not be written: the disk would not take them.</p>
      )}
      {book.failed !== null && book.total === null ? (
        <div className="log-note">
          <Problem title="The log could not be read">{PlatformError.from(book.failed).message}</Problem>
        </div>
      ) : rowCount === 0 && book.total !== null && (!levelFits || filtered.done) ? (
        <p className="log log-empty">{levelFits ? "No line of this level." : "Nothing in the log yet."}</p>
      ) : (
        <LogLines
          ref={lines}
          count={rowCount}
          lineAt={(row) => book.line(indexAt(row))}
          numberAt={(row) => indexAt(row) + 1}
          onNeed={onNeed}
          follow={follow && !levelFits}
          onFollow={(next) => !ended && setFollow(next)}
          current={line === null ? null : numbers ? numbers.indexOf(line) : line}
          words={needle}
          digits={Math.max(2, String(book.total ?? 0).length)}
          onKeyDown={() => undefined}
        />
      )}
    </div>
  );
}

/** The match after (or before) a line; around the end to the other one. */
function neighbour(matches: number[], line: number | null, direction: 1 | -1): number | undefined {
  const from = line ?? (direction === 1 ? -1 : Number.POSITIVE_INFINITY);
  return direction === 1
    ? (matches.find((index) => index > from) ?? matches[0])
    : (matches.findLast((index) => index < from) ?? matches.at(-1));
}

const SHOWN_MS = 3000;

/** N and Shift+N: the next line that is a warning or an error, however far away. */
function useProblemSteps(book: LogBook, line: number | null, goTo: (index: number) => void) {
  const [looking, setLooking] = useState<number | null>(null);
  const [none, setNone] = useState<string | null>(null);
  const abort = useRef<AbortController | null>(null);
  const stop = () => {
    abort.current?.abort();
    setLooking(null);
  };
  const step = async (direction: 1 | -1) => {
    stop();
    const controller = new AbortController();
    abort.current = controller;
    setNone(null);
    setLooking(line ?? 0);
    const from = line ?? (direction === 1 ? -1 : (book.total ?? 0));
    try {
      const found = await book.find(from, direction, isProblem, controller.signal, setLooking);
      if (controller.signal.aborted) return;
      if (found === null) {
        setNone(direction === 1 ? "No problem after this line" : "No problem before this line");
        setTimeout(() => setNone(null), SHOWN_MS);
      } else goTo(found);
    } catch (thrown) {
      toastError("The log could not be read", PlatformError.from(thrown));
    }
    setLooking(null);
  };
  return { step, stop, looking, none };
}

/** Slow work names itself, counts, and can be cancelled. */
function Looking({ text, onCancel }: { text: string | null; onCancel: (() => void) | null }) {
  return (
    <div className="log-looking" role="status" hidden={text === null}>
      <span className="hint num">{text}</span>
      {onCancel && (
        <Button size="sm" kind="ghost" onClick={onCancel}>
          Stop
        </Button>
      )}
    </div>
  );
}

/** What the filter shows, as text without numbers. */
async function copied(book: LogBook, fits: ((line: LogLine) => boolean) | null): Promise<string> {
  const out: string[] = [];
  for await (const lines of book.strides(0, new AbortController().signal)) {
    for (const line of lines) if (!fits || fits(line)) out.push(line.content);
    if (out.length >= MOST_COPIED) {
      toastWarning(
        `The first ${count(MOST_COPIED)} lines were copied`,
        "The log is longer than a clipboard should hold. “Save log…” writes all of it.",
      );
      return out.slice(0, MOST_COPIED).join("\n");
    }
  }
  return out.join("\n");
}

function SaveButton({ job }: { job: Job }) {
  const platform = usePlatform();
  const [saving, setSaving] = useState(false);
  const save = async () => {
    setSaving(true);
    try {
      const { file_name } = await platform.call("save_backup_logs", { job_id: job.id });
      if (file_name) toastDone(`Saved ${file_name}`);
    } catch (thrown) {
      toastError("The log was not saved", PlatformError.from(thrown));
    }
    setSaving(false);
  };
  return (
    <Button size="sm" disabled={saving || !job.has_logs} onClick={save}>
      Save log…
    </Button>
  );
}
