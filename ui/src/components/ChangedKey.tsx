import { Problem } from "./Problem";

/** A server shows another key than the one that is known: both fingerprints, and no way to approve it here. */
export function ChangedKey({ shown, expected }: { shown: string; expected: string }) {
  return (
    <Problem live title="The server shows another key than this computer knows">
      <p>
        Somebody may stand between, or the server was set up anew. Ask its owner before anything is sent; it
        cannot be approved here.
      </p>
      <p className="mono">Known: {expected}</p>
      <p className="mono">Shown: {shown}</p>
    </Problem>
  );
}
