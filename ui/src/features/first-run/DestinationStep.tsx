import type { Dispatch, ReactNode, SetStateAction } from "react";
import { Button } from "../../components/Button";
import { Field } from "../../components/Field";
import { Icon } from "../../components/Icon";
import type { IconName } from "../../components/icons";
import { toastError } from "../../components/toasts";
import { size } from "../../format/size";
import type { Destination, Drive } from "../../platform/bindings";
import { usePlatform } from "../../platform/context";
import { PlatformError } from "../../platform/platform";
import type { ConnectionTest } from "../repositories/useConnectionTest";
import { useDestination, type useDrives } from "./queries";
import { SshFields } from "./SshFields";
import { Reason, StepFrame } from "./StepFrame";
import {
  addressProblem,
  type DestinationForm,
  type DestinationKind,
  destinationVerdict,
  driveOf,
  localPath,
  nameOf,
} from "./setup";

type Change = (part: Partial<DestinationForm>) => void;

/** Why a repository cannot be made where the test looked; null when it can, or nobody looked. */
function refusalOf({ report }: ConnectionTest): string | null {
  if (!report) return null;
  if (report.host_key && !report.host_key.known && !report.host_key.expected)
    return "Approve the server’s key first.";
  if (!report.good) return "The way there does not work yet.";
  if (report.found === "opened" || report.found === "closed")
    return "There is a Borg repository already. Choose another folder.";
  return report.found === "other_things" ? "The folder holds other things. Choose another one." : null;
}

/** Why the step is not complete; null when it is. */
function missing(
  form: DestinationForm,
  drives: Drive[],
  found: Destination | null,
  checking: boolean,
): string | null {
  if (form.kind === null) return "Choose where backups go.";
  if (form.kind === "ssh") {
    const problem = addressProblem(form);
    if (problem) return problem.text;
  } else {
    if (form.kind === "drive" && drives.length === 0) return "Plug in a drive, or choose another place.";
    if (form.kind === "drive" && !driveOf(form, drives))
      return "The drive you chose is gone. Choose another one.";
    if (localPath(form, drives) === null) return "Name the folder for backups.";
    if (checking || !found) return "Looking at the folder…";
    if (!destinationVerdict(found).usable) return "Choose another folder.";
  }
  return nameOf(form, drives).trim() === "" ? "Give the repository a name." : null;
}

export function DestinationStep({
  drives: { drives, loading },
  form,
  test,
  onChange,
  onBack,
  onContinue,
}: {
  drives: ReturnType<typeof useDrives>;
  form: DestinationForm;
  /** The test of the way to a server. */
  test: ConnectionTest;
  onChange: Dispatch<SetStateAction<DestinationForm>>;
  onBack: () => void;
  onContinue: () => void;
}) {
  const change: Change = (part) => onChange((old) => ({ ...old, ...part }));
  const { found, checking } = useDestination(localPath(form, drives));
  const reason = missing(form, drives, found, checking);
  const refusal = reason ?? (form.kind === "ssh" ? refusalOf(test) : null);
  // A server is tried before anything is made there.
  const untested = form.kind === "ssh" && test.report?.good !== true;
  const check = <Verdict found={found} kind={form.kind} />;
  const name = (
    <Field
      label="Repository name"
      value={nameOf(form, drives)}
      onChange={(event) => change({ name: event.target.value })}
    />
  );
  return (
    <StepFrame
      title="Where should backups go?"
      lead="A drive you can unplug or a server elsewhere protects you best."
      foot={
        <>
          <Button size="lg" onClick={onBack}>
            Back
          </Button>
          <span className="end" />
          <Reason id="why-not">{refusal ?? (untested ? "Alcove tries the way there first." : null)}</Reason>
          {untested ? (
            <Button
              kind="primary"
              size="lg"
              disabled={reason !== null || test.running || test.approving}
              aria-describedby="why-not"
              onClick={test.run}
            >
              {test.running ? "Testing…" : test.report ? "Test again" : "Test connection"}
            </Button>
          ) : (
            <Button
              kind="primary"
              size="lg"
              disabled={refusal !== null}
              aria-describedby="why-not"
              onClick={onContinue}
            >
              Continue
            </Button>
          )}
        </>
      }
    >
      <div className="card" role="radiogroup" aria-label="Destination">
        <Choice
          kind="drive"
          icon="usb"
          title="External drive"
          hint={driveHint(drives, loading)}
          tag="Simplest"
          form={form}
          onChange={change}
        >
          {drives.length > 0 && (
            <DriveFields drives={drives} form={form} onChange={change} name={name} check={check} />
          )}
        </Choice>
        <Choice
          kind="ssh"
          icon="server"
          title="Server over SSH"
          hint="A NAS, Hetzner Storage Box, rsync.net, BorgBase or your own server"
          form={form}
          onChange={change}
        >
          <SshFields form={form} onChange={change} name={name} test={test} />
        </Choice>
        <Choice
          kind="local"
          icon="folder"
          title="Folder on this computer"
          hint="Helps with mistakes, but not if the drive fails or the computer is lost"
          form={form}
          onChange={change}
        >
          <LocalFields form={form} onChange={change} name={name} check={check} />
        </Choice>
      </div>
    </StepFrame>
  );
}

function driveHint(drives: Drive[], loading: boolean): string {
  const [first] = drives;
  if (!first)
    return loading ? "Looking for drives…" : "No drive is connected. Plug one in and it appears here.";
  if (drives.length > 1) return `${drives.length} drives are connected`;
  return `${first.name} is connected, ${size(first.free)} free`;
}

function Choice({
  kind,
  icon,
  title,
  hint,
  tag,
  form,
  onChange,
  children,
}: {
  kind: DestinationKind;
  icon: IconName;
  title: string;
  hint: string;
  tag?: string;
  form: DestinationForm;
  onChange: Change;
  children: ReactNode;
}) {
  const on = form.kind === kind;
  return (
    <div className="place" data-on={on || undefined}>
      <label className="choice">
        <input
          type="radio"
          className="radio"
          name="destination"
          aria-label={title}
          aria-describedby={`place-${kind}`}
          checked={on}
          onChange={() => onChange({ kind })}
        />
        <Icon name={icon} size={20} />
        <span className="grow">
          <span className="t">{title}</span>
          <span className="hint block" id={`place-${kind}`}>
            {hint}
          </span>
        </span>
        {tag && <span className="tag">{tag}</span>}
      </label>
      {on && children && <div className="place-fields">{children}</div>}
    </div>
  );
}

function DriveFields({
  drives,
  form,
  onChange,
  name,
  check,
}: {
  drives: Drive[];
  form: DestinationForm;
  onChange: Change;
  name: ReactNode;
  check: ReactNode;
}) {
  const chosen = driveOf(form, drives);
  return (
    <>
      {(drives.length > 1 || !chosen) && (
        <fieldset className="drives">
          <legend>Drive</legend>
          {drives.map((drive) => (
            <label key={drive.path} className="row">
              <input
                type="radio"
                className="radio"
                name="drive"
                checked={drive === chosen}
                onChange={() => onChange({ drive: drive.path })}
              />
              <span className="strong">{drive.name}</span>
              <span className="hint num">
                {size(drive.free)} of {size(drive.size)} free
              </span>
            </label>
          ))}
        </fieldset>
      )}
      <div className="pair">
        <Field
          label="Folder on the drive"
          mono
          value={form.driveFolder}
          onChange={(event) => onChange({ driveFolder: event.target.value })}
        />
        {name}
      </div>
      {check}
    </>
  );
}

function LocalFields({
  form,
  onChange,
  name,
  check,
}: {
  form: DestinationForm;
  onChange: Change;
  name: ReactNode;
  check: ReactNode;
}) {
  const platform = usePlatform();
  const choose = async () => {
    try {
      const start = form.localFolder.trim();
      const { path } = await platform.call("choose_folder", {
        title: "Folder for backups",
        ...(start && { start }),
      });
      if (path) onChange({ localFolder: path });
    } catch (thrown) {
      toastError("The folder dialog did not open", PlatformError.from(thrown));
    }
  };
  return (
    <>
      <Field
        label="Folder for backups"
        mono
        placeholder="/path/to/a/new/folder"
        value={form.localFolder}
        beside={<Button onClick={choose}>Choose…</Button>}
        onChange={(event) => onChange({ localFolder: event.target.value })}
      />
      {check}
      {name}
    </>
  );
}

/** What stands at the chosen folder. The line is always there, so that nothing below it jumps. */
function Verdict({ found, kind }: { found: Destination | null; kind: DestinationKind | null }) {
  const verdict = found && destinationVerdict(found);
  return (
    <div className="verdict" role="status">
      {verdict && (
        <span className="status" data-status={verdict.usable ? "completed" : "failed"}>
          <Icon name={verdict.usable ? "st-completed" : "st-failed"} size={14} />
          <span>{verdict.text}</span>
        </span>
      )}
      {verdict?.usable && found?.same_drive_as_home && kind === "local" && (
        <span className="status" data-status="completed_with_warnings">
          <Icon name="st-warnings" size={14} />
          <span>On the same drive as your home folder: if it fails, both are lost.</span>
        </span>
      )}
    </div>
  );
}
