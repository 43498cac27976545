/**
 * Keeps values one at a time; of those that come while one is being kept only the newest follows. One that fails is
 * told, and the next is tried all the same.
 */
export class Newest<T> {
  private next: { readonly value: T } | null = null;
  private under: Promise<void> | null = null;

  constructor(
    private readonly keep: (value: T) => Promise<void>,
    private readonly onProblem: (error: Error) => void,
  ) {}

  /** Whether one is being kept. */
  get busy(): boolean {
    return this.under !== null;
  }

  offer(value: T): void {
    this.next = { value };
    this.under ??= this.work();
  }

  /** Resolves when nothing is left to be kept. */
  async settled(): Promise<void> {
    while (this.under) await this.under;
  }

  private async work(): Promise<void> {
    for (let taken = this.next; taken; taken = this.next) {
      this.next = null;
      await this.keep(taken.value).catch(this.onProblem);
    }
    this.under = null;
  }
}
