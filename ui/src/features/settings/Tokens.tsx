import { type FormEvent, useRef, useState } from "react";
import { useNow } from "../../app/useNow";
import { Button } from "../../components/Button";
import { Callout } from "../../components/Callout";
import { CommandLine } from "../../components/CopyButton";
import { QuestionDialog } from "../../components/Dialog";
import { Field } from "../../components/Field";
import { Icon } from "../../components/Icon";
import { toastError } from "../../components/toasts";
import { whenInSentence } from "../../format/time";
import type { AccessToken, HttpAccess } from "../../platform/bindings";
import { PlatformError } from "../../platform/platform";
import { useCreateToken, useRevokeToken, useTokens } from "./queries";

/** Who may come in: tokens by name. A token itself is on the screen once, when it is made. */
export function Tokens({ access }: { access: HttpAccess }) {
  const { data: tokens } = useTokens();
  const create = useCreateToken();
  const [name, setName] = useState("");
  const field = useRef<HTMLInputElement>(null);
  const made = create.data;
  const error = create.error && PlatformError.from(create.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate(name, {
      onSuccess: () => setName(""),
      onError: () => field.current?.focus(),
    });
  };
  return (
    <div className="setting tokens">
      <h3 id="tokens">Tokens</h3>
      {made && (
        <Callout icon="key" tone="pending" title={`The token ${made.name}`} role="status">
          <p>Copy it now: Alcove keeps only its fingerprint and cannot show it again.</p>
          <CommandLine command={made.token} label="Copy token" />
          <CommandLine command={access.curl.replace("TOKEN", made.token)} />
          <Button size="sm" onClick={() => create.reset()}>
            Done
          </Button>
        </Callout>
      )}
      {tokens && tokens.length > 0 && (
        <ul className="token-list" aria-labelledby="tokens">
          {tokens.map((token) => (
            <Token key={token.id} token={token} />
          ))}
        </ul>
      )}
      <form className="token-form" onSubmit={submit}>
        <Field
          ref={field}
          label="Name of a new token"
          placeholder="What will use it, such as Home Assistant"
          value={name}
          invalid={error !== null}
          hint={error?.message}
          onChange={(event) => setName(event.target.value)}
          beside={
            <Button type="submit" icon="plus" disabled={create.isPending}>
              Create token
            </Button>
          }
        />
      </form>
    </div>
  );
}

function Token({ token }: { token: AccessToken }) {
  const [asking, setAsking] = useState(false);
  const revoke = useRevokeToken();
  const keep = useRef<HTMLButtonElement>(null);
  const now = useNow(false);
  return (
    <li>
      <Icon name="key" size={14} />
      <span className="strong trunc grow">{token.name}</span>
      <span className="hint nowrap">Made {whenInSentence(token.created_at, now)}</span>
      <Button
        size="sm"
        kind="danger-quiet"
        aria-label={`Revoke ${token.name}…`}
        disabled={revoke.isPending}
        onClick={() => setAsking(true)}
      >
        Revoke…
      </Button>
      <QuestionDialog
        open={asking}
        onClose={() => setAsking(false)}
        title={`Revoke the token ${token.name}?`}
        initialFocus={keep}
        foot={
          <>
            <Button ref={keep} size="lg" onClick={() => setAsking(false)}>
              Keep token
            </Button>
            <Button
              size="lg"
              kind="danger"
              onClick={() => {
                setAsking(false);
                revoke.mutate(token.id, {
                  onError: (thrown) =>
                    toastError(`${token.name} was not revoked`, PlatformError.from(thrown)),
                });
              }}
            >
              Revoke token
            </Button>
          </>
        }
      >
        Programs that use it are refused from now on. Nothing else changes.
      </QuestionDialog>
    </li>
  );
}
