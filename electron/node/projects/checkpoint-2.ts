import { createHash } from 'node:crypto';
import { deserialize } from 'node:v8';

/*
 * Checkpoints as version 0.1.0 wrote them at first: a header line, SHA-256, the values as V8 serialises them. They
 * are read so that no fit is lost; what they hold is taken for no more than plain data, to be checked as a project is.
 */

const header = 'isinglass-checkpoint 2\n';
const hashLength = 32;

export function isCheckpoint2(bytes: Buffer): boolean {
  return bytes.subarray(0, header.length).toString('latin1') === header;
}

/** @throws Error if a byte is not as it was written, or V8 does not know the values */
export function readCheckpoint2(bytes: Buffer): unknown {
  const hash = bytes.subarray(header.length, header.length + hashLength);
  const values = bytes.subarray(header.length + hashLength);
  if (!createHash('sha256').update(values).digest().equals(hash)) {
    throw new Error('it is not as it was written.');
  }
  return deserialize(values);
}
