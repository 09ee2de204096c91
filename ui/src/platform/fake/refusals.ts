/** How the fake platform refuses, and the shape of its operations. */
import type { ErrorCode } from "../bindings";
import { type Answer, type Args, type OperationName, PlatformError } from "../platform";

export type Handlers = { [K in OperationName]: (args: Args<K>) => Answer<K> | Promise<Answer<K>> };

export function refused(
  code: ErrorCode,
  message: string,
  hints: string[] = [],
  field: string | null = null,
): PlatformError {
  return new PlatformError({ code, message, hints, retryable: false, field });
}

export function badArgument(field: string, message: string): PlatformError {
  return new PlatformError({ code: "bad_argument", message, hints: [], retryable: false, field });
}
