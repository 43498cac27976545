import type { z } from 'zod';

/** One request of the contract: what its parameters must be (checked) and what it answers (a type). */
export interface Request<Schema extends z.ZodType, Result> {
  readonly parameters: Schema;
  /** Only a type: results come from the trusted side and are not checked again. */
  readonly result?: Result;
}

/** Declares a request: `takes(schema).gives<Result>()`. */
export function takes<Schema extends z.ZodType>(parameters: Schema) {
  return { gives: <Result>(): Request<Schema, Result> => ({ parameters }) };
}

/** A part of the contract: requests by name. */
export type RequestMap = Record<string, Request<z.ZodType, unknown>>;
