import { Check } from "../../components/Check";

/** Whether a passphrase is kept in the keyring; says so where there is none. */
export function Remember({
  keyring,
  checked,
  disabled = false,
  onChange,
}: {
  /** What the keyring is called; null: there is none. */
  keyring: string | null;
  checked: boolean;
  disabled?: boolean;
  onChange: (remember: boolean) => void;
}) {
  return (
    <Check
      label="Remember on this computer"
      hint={keyring ? `In the ${keyring}` : "There is no keyring on this computer to keep it in."}
      checked={checked}
      disabled={keyring === null || disabled}
      onChange={onChange}
    />
  );
}
