import { useLayoutEffect } from "react";
import { useSettings } from "./queries";

/** Gives the whole window the chosen theme. The desktop sets it before the first paint; this follows each change. */
export function useTheme(): void {
  const theme = useSettings()?.theme;
  useLayoutEffect(() => {
    if (!theme) return;
    const { dataset } = document.documentElement;
    if (theme === "system") delete dataset.theme;
    else dataset.theme = theme;
  }, [theme]);
}
