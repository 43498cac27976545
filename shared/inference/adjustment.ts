/** What may change while eq. (4) runs. */
export interface Adjustment {
  readonly alpha?: readonly number[];
  readonly sweepsPerStep?: number;
}

/** A change of settings, from the step after this one on. */
export interface Change extends Adjustment {
  /** Steps that had been taken. */
  readonly step: number;
}
