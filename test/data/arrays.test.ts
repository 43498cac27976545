import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readNpy, writeNpy } from '../../shared/data/arrays/npy.ts';
import { readPbm } from '../../shared/data/arrays/pbm.ts';
import { readText, writeText } from '../../shared/data/arrays/text.ts';

const ascii = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));

/** A NumPy file from its parts, written by hand from the format's description. */
function npy(descr: string, shape: string, values: ArrayBufferLike, fortran = false, version = 1) {
  const fields = `{'descr': ${descr}, 'fortran_order': ${fortran ? 'True' : 'False'}, 'shape': ${shape}, }\n`;
  const length =
    version === 1 ? [fields.length & 255, fields.length >> 8] : [fields.length, 0, 0, 0];
  return Uint8Array.from([
    ...ascii('\x93NUMPY'),
    version,
    0,
    ...length,
    ...ascii(fields),
    ...new Uint8Array(values),
  ]);
}

const stack = fc
  .tuple(
    fc.integer({ min: 1, max: 4 }),
    fc.integer({ min: 1, max: 6 }),
    fc.integer({ min: 2, max: 11 }),
  )
  .chain(([windows, rows, cols]) => {
    const n = windows * rows * cols;
    return fc
      .array(fc.constantFrom(-1, 1), { minLength: n, maxLength: n })
      .map((spins) => ({ windows, rows, cols, spins: Int8Array.from(spins) }));
  });

const pattern = [0, 1, 1, 0, 1, 0];
const spins = [-1, 1, 1, -1, 1, -1];

describe('npy', () => {
  it('reads back what it writes, with values at a multiple of 64 bytes', () => {
    fc.assert(
      fc.property(stack, (data) => {
        const bytes = writeNpy(data);
        expect((bytes.length - data.spins.length) % 64).toBe(0);
        expect(readNpy(bytes)).toEqual(data);
      }),
    );
  });

  it('reads every element type in both byte orders', () => {
    const swap = (array: Int16Array | Int32Array | Float32Array | Float64Array | BigInt64Array) => {
      const bytes = new Uint8Array(array.buffer.slice(0));
      for (let k = 0; k < bytes.length; k += array.BYTES_PER_ELEMENT) {
        bytes.subarray(k, k + array.BYTES_PER_ELEMENT).reverse();
      }
      return bytes.buffer;
    };
    const long = BigInt64Array.from(pattern, BigInt);
    const floats = Float64Array.from(pattern, (v) => 2 * v - 1);
    const halves = Int16Array.from(pattern, (v) => (v ? 0x3c00 : 0xbc00));
    const cases: [string, ArrayBufferLike][] = [
      ["'|b1'", Uint8Array.from(pattern).buffer],
      ["'|u1'", Uint8Array.from(pattern, (v) => 255 * v).buffer],
      ["'|i1'", Int8Array.from(spins).buffer],
      ["'<i2'", Int16Array.from(spins).buffer],
      ["'>i2'", swap(Int16Array.from(spins))],
      ["'<u2'", Uint16Array.from(pattern, (v) => 255 * v).buffer],
      ["'>i4'", swap(Int32Array.from(pattern))],
      ["'<u4'", Uint32Array.from(pattern).buffer],
      ["'<i8'", long.buffer],
      ["'>u8'", swap(long)],
      ["'<f2'", halves.buffer],
      ["'>f2'", swap(halves)],
      ["'<f4'", Float32Array.from(spins).buffer],
      ["'>f4'", swap(Float32Array.from(spins))],
      ["'<f8'", floats.buffer],
      ["'>f8'", swap(floats)],
    ];
    for (const [descr, values] of cases) {
      for (const version of [1, 2, 3]) {
        const read = readNpy(npy(descr, '(2, 3)', values, false, version));
        expect(read, descr).toEqual({ windows: 1, rows: 2, cols: 3, spins: Int8Array.from(spins) });
      }
    }
  });

  it('reads Fortran order', () => {
    // element (w, q, r) of shape (2, 2, 3) lies at w + 2·(q + 2·r)
    const values = new Int8Array(12);
    const flat = Int8Array.from({ length: 12 }, (_, k) => (k % 5 < 2 ? 1 : -1));
    for (let k = 0; k < 12; k++) {
      values[Math.floor(k / 6) + 2 * ((Math.floor(k / 3) % 2) + 2 * (k % 3))] = flat[k];
    }
    expect(readNpy(npy("'|i1'", '(2, 2, 3)', values.buffer, true)).spins).toEqual(flat);
  });

  it('refuses hostile and foreign files at once, with a sentence', () => {
    const six = Uint8Array.from(pattern).buffer;
    const cases: [Uint8Array, RegExp][] = [
      [npy("'|u1'", '(100000, 100000, 100000)', six), /more than the \d+ spins/],
      [npy("'|u1'", '(2, 4)', six), /promises 8 bytes.*and 6 follow/],
      [npy("'|u1'", '(2, 2)', six), /promises 4 bytes.*and 6 follow/],
      [npy("'|u1'", '(0, 3)', six), /at least two sites/],
      [npy("'|u1'", '(6,)', six), /shape \(6\)/],
      [npy("'<c8'", '(2, 3)', six), /type '<c8'/],
      [npy("[('a', '<i4'), ('b', '<i4')]", '(2, 3)', six), /type \[/],
      [npy("'|O'", '(2, 3)', six), /type '\|O'/],
      [npy("'|u1'", '(-2, 3)', six), /shape \(\)/],
      [npy("'|u1'", '(2, 3)', six).subarray(0, 40), /truncated/],
      [ascii('\x93NUMPY\x01\0\xff\xff{}'), /truncated/],
      [ascii('\x93NUMPY\x09\0\x02\0{}'), /unknown version/],
      [ascii('\x93NUMPY\x01\0\x02\0{}'), /damaged/],
      [
        npy("'<f8'", '(1, 2)', Float64Array.of(1, Number.NaN).buffer),
        /NaN at configuration 1, row 1, column 2/,
      ],
    ];
    for (const [bytes, sentence] of cases) expect(() => readNpy(bytes)).toThrow(sentence);
  });

  it('accepts exactly the three pairs of values and names the first place that does not fit', () => {
    const value = fc.constantFrom(-1, 0, 1, 255, 2);
    fc.assert(
      fc.property(fc.array(value, { minLength: 2, maxLength: 9 }), (values) => {
        const bytes = npy("'<i2'", `(1, ${values.length})`, Int16Array.from(values).buffer);
        const fits = (part: number[]) =>
          [
            [-1, 1],
            [0, 1],
            [0, 255],
          ].some((pair) => part.every((v) => pair.includes(v)));
        const first = values.findIndex((_, k) => !fits(values.slice(0, k + 1)));
        if (first < 0) {
          expect([...readNpy(bytes).spins]).toEqual(values.map((v) => (v > 0 ? 1 : -1)));
        } else {
          expect(() => readNpy(bytes)).toThrow(
            `value ${values[first]} at configuration 1, row 1, column ${first + 1} `,
          );
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('text', () => {
  it('reads back what it writes', () => {
    fc.assert(
      fc.property(stack, (data) => {
        expect(readText(ascii(writeText(data)))).toEqual(data);
      }),
    );
  });

  it('takes commas, semicolons, tabs and spaces, any line ends, and a byte-order mark', () => {
    const wanted = {
      windows: 2,
      rows: 2,
      cols: 3,
      spins: Int8Array.of(-1, 1, 1, -1, 1, -1, 1, 1, 1, -1, -1, -1),
    };
    for (const [between, end] of [
      [',', '\n'],
      ['; ', '\r\n'],
      ['\t', '\r'],
      ['  ', '\n'],
    ]) {
      const rows = ['011', '010', '', '', '111', '000', ''].map((row) => [...row].join(between));
      expect(readText(ascii(`\xef\xbb\xbf${rows.join(end)}`))).toEqual(wanted);
    }
  });

  it('takes decimal commas, quotes, words, names of columns and rows, and UTF-16', () => {
    const shape = { rows: 2, cols: 3, windows: 1, spins: Int8Array.from(spins) };
    const utf16 = new Uint8Array(Buffer.from('\ufeff0\t1\t1\r\n0\t1\t0\r\n', 'utf16le'));
    for (const bytes of [
      ascii('0,0;1,0;1,0\n0,0;1,0;0,0\n'),
      ascii('0,000E+00 1,000E+00 1,000E+00\n0,0 1,0 0,0\n'.replaceAll('E+00', '')),
      ascii('"0","1","1"\n"0","1","0"\n'),
      ascii('False,True,True\nFALSE,true,false\n'),
      ascii('0.000000000000000000e+00 1.000000000000000000e+00 1e0\n0. +1 .0\n'),
      ascii('# savetxt\n% Matlab\n0 1 1\n0 1 0\n'),
      utf16,
    ]) {
      expect(readText(bytes)).toEqual(shape);
    }
    for (const text of [
      'a,b,c\n0,1,1\n0,1,0\n',
      ',a,b,c\nx,0,1,1\ny,0,1,0\n',
      '0,1,2\n0,1,1\n0,1,0\n',
    ]) {
      const { warnings, hasNames, ...read } = readText(ascii(text));
      expect(read).toEqual(shape);
      expect(hasNames).toBe(!text.startsWith('0'));
      expect(warnings?.join()).toMatch(/column names/);
    }
  });

  it('keeps a lattice whole whose rows stand apart', () => {
    const shape = { rows: 2, cols: 3, windows: 1 };
    for (const text of [
      '0,1,1\r\r\n0,1,0\r\r\n',
      '0\t1\t1\n\t\t\n0\t1\t0\n',
      '0,1,1\n,,\n0,1,0\n,,\n',
    ]) {
      expect(readText(ascii(text))).toMatchObject(shape);
    }
    // control: empty lines divide configurations
    expect(readText(ascii('0,1,1\n\n0,1,0\n'))).toMatchObject({ rows: 1, windows: 2 });
  });

  it('names the line that does not fit', () => {
    expect(() => readText(ascii('1 0\n1 0 1\n'))).toThrow(
      /Line 2 and the first row differ in values, 3 and 2/,
    );
    expect(() => readText(ascii('1 0\n0 1\n\n1 0\n'))).toThrow(
      /Configuration 2, which ends with line 4, and the first differ in rows, 1 and 2/,
    );
    expect(() => readText(ascii('1 0\n1 x\n'))).toThrow(/Line 2, value 2 is “x”/);
    expect(() => readText(ascii('1,,0\n'))).toThrow(/Line 1, value 2 is “”/);
    expect(() => readText(ascii('1 0\n7 1\n'))).toThrow(
      /value 7 at configuration 1, row 2, column 1/,
    );
    expect(() => readText(ascii(' \n\n'))).toThrow(/at least two sites/);
  });
});

describe('pbm', () => {
  it('reads plain and raw bitmaps, 1 being black', () => {
    fc.assert(
      fc.property(stack, ({ windows, rows, cols, spins }) => {
        const header = `P4\n# by hand\n${cols} ${rows}\n`;
        const raw: number[] = [];
        for (let w = 0; w < windows; w++) {
          raw.push(...ascii(header));
          for (let q = 0; q < rows; q++) {
            const line = spins.subarray((w * rows + q) * cols, (w * rows + q + 1) * cols);
            const packed = new Uint8Array(Math.ceil(cols / 8));
            for (let r = 0; r < cols; r++) if (line[r] === -1) packed[r >> 3] |= 128 >> (r & 7);
            raw.push(...packed);
          }
        }
        expect(readPbm(Uint8Array.from(raw))).toEqual({ windows, rows, cols, spins });
        const digits = Array.from(spins.subarray(0, rows * cols), (s) => (s === -1 ? '1' : '0'));
        expect(readPbm(ascii(`P1 ${cols}\t${rows}\n${digits.join('')}\n`)).spins).toEqual(
          spins.slice(0, rows * cols),
        );
      }),
    );
  });

  it('refuses what is cut off, lies or is no bitmap', () => {
    expect(() => readPbm(ascii('P4 9 2 \x00\x00\x00'))).toThrow(
      /2 × 9 pixels need 4 bytes, and 3 follow/,
    );
    expect(() => readPbm(ascii('P4 99999999 99999999 '))).toThrow(/more than the/);
    expect(() => readPbm(ascii('P1 9999 9999 '))).toThrow(/holds fewer/);
    expect(() => readPbm(ascii('P1 2 2 1 0 2 0'))).toThrow(/row 2, column 1 is “2”/);
    expect(() => readPbm(ascii('P1 2 2 1 0 1 '))).toThrow(/row 2, column 2 is the end of the file/);
    expect(() => readPbm(ascii('P4 8 1 \x00rubbish'))).toThrow(/no header at byte 8/);
    expect(() => readPbm(ascii('P1 two 2 1 0 1 '))).toThrow(/no header/);
  });
});
