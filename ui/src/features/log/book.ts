/**
 * A log of any length, read a page at a time.
 *
 * The book knows how many lines there are and holds the few pages last looked at; the engine holds the rest. So a
 * log of a million lines costs the window as much as one of a thousand.
 */
import type { LogLine, LogPage } from "../../platform/bindings";

export const PAGE_LINES = 500;
/** At most this many pages are kept: what is in sight, also when a filter takes each line from another page. */
export const KEPT_PAGES = 60;
/** A reader that looks through a whole log takes long strides; the engine answers them in milliseconds. */
export const STRIDE = 10_000;

export type ReadLog = (offset: number, limit: number) => Promise<LogPage>;

export class LogBook {
  private pages = new Map<number, LogLine[]>();
  private readonly asked = new Set<number>();
  private readonly listeners = new Set<() => void>();
  private version = 0;
  /** Lines in the log; null before the first answer. */
  total: number | null = null;
  failed: unknown = null;

  constructor(private readonly read: ReadLog) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly snapshot = (): number => this.version;

  /** A line by its index from 0, when its page is here. */
  line(index: number): LogLine | undefined {
    return this.pages.get(Math.floor(index / PAGE_LINES))?.[index % PAGE_LINES];
  }

  /** Sees to it that these lines come; those in hand are kept from being put away. */
  want(indexes: readonly number[]): void {
    const wanted = new Set(indexes.map((index) => Math.floor(index / PAGE_LINES)));
    for (const page of wanted) {
      const held = this.pages.get(page);
      const full = (held?.length ?? 0) >= Math.min(PAGE_LINES, (this.total ?? 0) - page * PAGE_LINES);
      if (held) {
        // The map keeps the order of use: what was used last stands last.
        this.pages.delete(page);
        this.pages.set(page, held);
      }
      if (!full) void this.load(page);
    }
  }

  /** Asks for the end of the log again: it may have grown. */
  async refresh(): Promise<void> {
    await this.load(Math.floor((this.total ?? 0) / PAGE_LINES));
  }

  private async load(page: number): Promise<void> {
    if (this.asked.has(page)) return;
    this.asked.add(page);
    try {
      const answer = await this.read(page * PAGE_LINES, PAGE_LINES);
      const held = this.pages.get(page);
      const changed =
        answer.total_lines !== this.total || held?.length !== answer.lines.length || this.failed !== null;
      this.total = answer.total_lines;
      this.failed = null;
      if (answer.lines.length > 0) {
        this.pages.delete(page);
        this.pages.set(page, answer.lines);
      }
      for (const oldest of this.pages.keys()) {
        if (this.pages.size <= KEPT_PAGES) break;
        this.pages.delete(oldest);
      }
      if (changed) this.tell();
    } catch (thrown) {
      this.failed = thrown;
      this.tell();
    } finally {
      this.asked.delete(page);
    }
  }

  private tell(): void {
    this.version += 1;
    for (const listener of this.listeners) listener();
  }

  /** Lines from `from` on, stride by stride, to the end of the log as it is now. Puts nothing into the pages. */
  async *strides(from: number, signal: AbortSignal): AsyncGenerator<LogLine[]> {
    for (let offset = from; !signal.aborted; ) {
      const answer = await this.read(offset, STRIDE);
      if (signal.aborted) return;
      yield answer.lines;
      offset += answer.lines.length;
      if (!answer.has_more || answer.lines.length === 0) return;
    }
  }

  /** The next line after `from` (or the one before it) that fits; null when there is none. */
  async find(
    from: number,
    direction: 1 | -1,
    fits: (line: LogLine) => boolean,
    signal: AbortSignal,
    onLook?: (at: number) => void,
  ): Promise<number | null> {
    if (direction === 1) {
      for await (const lines of this.strides(from + 1, signal)) {
        const found = lines.find(fits);
        if (found) return found.line_number - 1;
        onLook?.((lines.at(-1)?.line_number ?? 1) - 1);
      }
      return null;
    }
    for (let end = from; end > 0 && !signal.aborted; ) {
      const start = Math.max(0, end - STRIDE);
      const { lines } = await this.read(start, end - start);
      const found = lines.findLast(fits);
      if (found) return found.line_number - 1;
      end = start;
      onLook?.(start);
    }
    return null;
  }
}
