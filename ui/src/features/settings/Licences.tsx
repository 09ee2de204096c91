import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useRef, useState } from "react";
import { Button } from "../../components/Button";
import { FormDialog } from "../../components/Dialog";
import { SearchField } from "../../components/SearchField";
import { counted } from "../../format/count";

/** A crate or a package of npm that is shipped; `cargo xtask licences` writes the list. */
interface Part {
  name: string;
  version: string;
  from: string;
  /** An expression of SPDX. */
  licence: string;
}

/** What Alcove is built from and under which licences; loaded when it is looked at. */
export function Licences({ onClose }: { onClose: () => void }) {
  const { data: parts } = useQuery({
    queryKey: ["licences"],
    queryFn: async (): Promise<Part[]> => (await import("./licences.json")).default,
  });
  const [typed, setTyped] = useState("");
  const wanted = useDeferredValue(typed.trim().toLowerCase());
  const field = useRef<HTMLInputElement>(null);
  const shown = parts?.filter(({ name, licence }) => `${name} ${licence}`.toLowerCase().includes(wanted));
  return (
    <FormDialog
      open
      onClose={onClose}
      title="What Alcove is built from"
      initialFocus={field}
      onSubmit={() => undefined}
      foot={
        <Button size="lg" onClick={onClose}>
          Close
        </Button>
      }
    >
      <div className="licences-find">
        <SearchField ref={field} label="Find a name or a licence" value={typed} onChange={setTyped} />
        <span className="hint num" role="status">
          {shown && counted(shown.length, "part")}
        </span>
      </div>
      <section className="licences" aria-label="Licences" tabIndex={0} aria-busy={!shown}>
        {shown && shown.length > 0 && (
          <table>
            <thead>
              <tr>
                <th scope="col">Name</th>
                <th scope="col">Version</th>
                <th scope="col">Licence</th>
              </tr>
            </thead>
            <tbody>
              {shown.map(({ from, name, version, licence }) => (
                <tr key={`${from} ${name} ${version}`}>
                  <th scope="row">{name}</th>
                  <td className="num">{version}</td>
                  <td>{licence}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
        {shown?.length === 0 && <p className="hint">No part has “{typed.trim()}” in its name or licence.</p>}
      </section>
    </FormDialog>
  );
}
