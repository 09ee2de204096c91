import { IconButton } from "../../components/Button";
import { Icon } from "../../components/Icon";
import { PathText } from "../../components/PathText";
import { counted } from "../../format/count";
import { NONE } from "../../format/locale";
import { size } from "../../format/size";
import { AddFolder } from "../folders/AddFolder";
import type { Measured } from "../folders/useMeasures";
import type { SectionProps } from "./section";

/** The folders, with what each holds. */
export function SourcesSection({ form, change, faults, measures }: SectionProps & { measures: Measured[] }) {
  const fault = faults.source_directories;
  return (
    <section className="group sources" aria-label="Folders">
      <div className="card" aria-busy={measures.some(({ measure, error }) => !measure && !error)}>
        {form.sources.length > 0 && (
          <ul aria-label="Folders of this plan">
            {form.sources.map((path, n) => (
              <Source
                key={path}
                path={path}
                measured={measures[n]}
                onRemove={() => change({ sources: form.sources.filter((each) => each !== path) })}
              />
            ))}
          </ul>
        )}
        {fault && (
          <p className="setting-error source-fault" role="alert" tabIndex={-1} aria-invalid="true">
            <Icon name="st-failed" size={14} />
            <span>{fault}</span>
          </p>
        )}
        <AddFolder known={form.sources} onAdd={(paths) => change({ sources: [...form.sources, ...paths] })} />
      </div>
    </section>
  );
}

function Source({
  path,
  measured,
  onRemove,
}: {
  path: string;
  measured: Measured | undefined;
  onRemove: () => void;
}) {
  const measure = measured?.measure;
  const more = measure && !measure.complete ? "more than " : "";
  return (
    <li className="src">
      <Icon name="folder" />
      <span className="mono src-path">
        <PathText path={path} />
      </span>
      {measured?.error ? (
        <span className="src-error" title={measured.error.message}>
          Cannot be added up
        </span>
      ) : (
        <>
          <span className="num src-files">{measure ? more + counted(measure.files, "file") : ""}</span>
          <span className="num">{measure ? size(measure.bytes) : <span className="muted">{NONE}</span>}</span>
        </>
      )}
      <IconButton label={`Remove ${path}`} icon="x" kind="ghost" size="sm" onClick={onRemove} />
    </li>
  );
}
