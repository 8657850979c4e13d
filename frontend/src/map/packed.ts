/** A layer as the server packs it: a head of JSON, then one run of bytes for each column; see `rules/packing.py`. */

export interface Class {
  value: number;
  word: string;
  colour: string;
  span: string;
  shape: string;
}
export interface Note {
  text: string;
  url: string | null;
}
interface Head {
  /** All features, and how many of them have no place. */
  count: number;
  nowhere: number;
  at: string;
  notes: Note[];
  legend: Class[];
  /** Tells these outlines from others; where the reader has them already, they are not sent. */
  outlines?: string;
  parts: [name: string, kind: string, bytes: number][];
}

/** In place of coordinates that are not known. */
export const NOWHERE = -(2 ** 31);
const MICRO = 1e6;
const LINE_END = 10;
const padded = (bytes: number): number => Math.ceil(bytes / 8) * 8;

/** Lines of text that are decoded only where they are read: of 100,000 labels a reader sees a few. */
class Lines {
  #starts: Uint32Array | undefined;

  constructor(
    readonly bytes: Uint8Array,
    readonly count: number,
  ) {}

  at(row: number): string {
    this.#starts ??= this.#find();
    return new TextDecoder().decode(this.bytes.subarray(this.#starts[row], (this.#starts[row + 1] ?? 1) - 1));
  }

  all(): string[] {
    return this.count ? new TextDecoder().decode(this.bytes).split("\n") : [];
  }

  #find(): Uint32Array {
    const starts = new Uint32Array(this.count + 1);
    let row = 1;
    for (let at = this.bytes.indexOf(LINE_END); at >= 0; at = this.bytes.indexOf(LINE_END, at + 1)) starts[row++] = at + 1;
    starts[this.count] = this.bytes.length + 1;
    return starts;
  }
}

export class Packed {
  readonly head: Head;
  readonly classes: Int16Array;
  readonly #runs = new Map<string, Uint8Array>();
  readonly #lines = new Map<string, Lines>();
  #names: Map<string, number> | undefined;

  constructor(buffer: ArrayBuffer) {
    const size = new DataView(buffer).getUint32(0, true);
    this.head = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, size))) as Head;
    let at = 4 + size;
    for (const [name, , bytes] of this.head.parts) {
      this.#runs.set(name, new Uint8Array(buffer, at, bytes));
      at += padded(bytes);
    }
    const classes = this.#runs.get("classes");
    this.classes = classes ? new Int16Array(classes.buffer, classes.byteOffset, this.head.count) : new Int16Array();
  }

  has(name: string): boolean {
    return this.#runs.has(name);
  }

  /** Pairs of coordinates in millionths of a degree. */
  get places(): Int32Array {
    const run = this.#runs.get("places");
    return run ? new Int32Array(run.buffer, run.byteOffset, 2 * this.head.count) : new Int32Array();
  }

  /** For each feature which of the outlines is its own. */
  get outline(): Int32Array {
    const run = this.#runs.get("outline");
    return run ? new Int32Array(run.buffer, run.byteOffset, this.head.count) : new Int32Array();
  }

  get approximate(): Uint8Array | undefined {
    return this.#runs.get("approximate");
  }

  /** Degrees of a feature of the part `places`; undefined where its place is not known. */
  placeOf(row: number): [lon: number, lat: number] | undefined {
    const [x = NOWHERE, y = NOWHERE] = this.places.subarray(2 * row, 2 * row + 2);
    return x === NOWHERE ? undefined : [x / MICRO, y / MICRO];
  }

  text(name: string, row: number): string {
    return this.#linesOf(name).at(row);
  }

  texts(name: string): string[] {
    return this.#linesOf(name).all();
  }

  /** The row of a public id; undefined where there is none. */
  rowOf(id: string): number | undefined {
    this.#names ??= new Map(this.texts("ids").map((name, row) => [name, row]));
    return this.#names.get(id);
  }

  #linesOf(name: string): Lines {
    let lines = this.#lines.get(name);
    if (!lines) {
      lines = new Lines(this.#runs.get(name) ?? new Uint8Array(), this.head.count);
      this.#lines.set(name, lines);
    }
    return lines;
  }
}
