/** Where each node stands: days from left to right, and rows into which the trees are packed. */

export interface Layout {
  /** Row of each node, -1 where it is folded into one above it. */
  row: Int32Array;
  /** How many nodes are folded into each node. */
  folded: Int32Array;
  rows: number;
  first: number;
  last: number;
}

/** Days that stay free between two trees in one row, and what a node without any below it takes up. */
const GAP = 1.5;
const WIDTH = 1.5;

interface Tree {
  nodes: number[];
  rows: number[];
  height: number;
  from: number;
  to: number;
}

/** How many nodes lie below each, itself left out. */
function below(children: number[][], order: number[]): Int32Array {
  const count = new Int32Array(children.length);
  for (let at = order.length - 1; at >= 0; at -= 1) {
    const node = order[at] as number;
    for (const child of children[node] as number[]) count[node] = (count[node] as number) + 1 + (count[child] as number);
  }
  return count;
}

/** Every node before those below it. */
function downwards(roots: number[], children: number[][]): number[] {
  const order = [...roots];
  for (let at = 0; at < order.length; at += 1) order.push(...(children[order[at] as number] as number[]));
  return order;
}

/** Rows of one tree: the first branch goes on in the row of its infector where it lies later, others come below. */
function treeOf(root: number, children: number[][], days: Float64Array, collapsed: Set<number>, size: Int32Array): Tree {
  const tree: Tree = { nodes: [], rows: [], height: 0, from: Infinity, to: -Infinity };
  const waiting: [node: number, row: number][] = [[root, 0]];
  let next = 0;
  while (waiting.length) {
    const [node, wish] = waiting.pop() as [number, number];
    const row = wish >= 0 ? wish : next;
    next = Math.max(next, row + 1);
    tree.nodes.push(node);
    tree.rows.push(row);
    tree.from = Math.min(tree.from, days[node] as number);
    tree.to = Math.max(tree.to, days[node] as number);
    if (collapsed.has(node)) continue;
    // The longest branch goes on in the row; the others follow by day, each below the one before it.
    const order = [...(children[node] as number[])].sort(
      (a, b) => (days[a] as number) - (days[b] as number) || (size[a] as number) - (size[b] as number),
    );
    const onward = order.reduce<number>(
      (best, child) =>
        (days[child] as number) >= (days[node] as number) + 1 && (best < 0 || (size[child] as number) >= (size[best] as number)) ? child : best,
      -1,
    );
    for (const child of order) if (child !== onward) waiting.push([child, -1]);
    if (onward >= 0) waiting.push([onward, row]);
  }
  tree.height = next;
  return tree;
}

/** Put each tree into the first rows that are free from its first day to its last. */
function pack(trees: Tree[], row: Int32Array): number {
  const taken: [from: number, to: number][][] = [];
  const free = (at: number, from: number, to: number): boolean =>
    !(taken[at] ?? []).some(([a, b]) => from < b + GAP && a < to + GAP);
  let lowest = 0;
  for (const tree of trees) {
    const to = tree.to + WIDTH;
    let start = tree.height > 1 ? lowest : 0;
    for (let fits = false; !fits; ) {
      fits = true;
      for (let at = start + tree.height - 1; at >= start; at -= 1) {
        if (free(at, tree.from, to)) continue;
        start = at + 1;
        fits = false;
        break;
      }
    }
    for (let at = start; at < start + tree.height; at += 1) (taken[at] ??= []).push([tree.from, to]);
    tree.nodes.forEach((node, index) => {
      row[node] = start + (tree.rows[index] as number);
    });
    // Of trees of one size hundreds follow: where the last one found no room above, the next finds none either.
    if (tree.height > 40) lowest = start;
  }
  return taken.length;
}

/** The place of every node. Trees of more cases come first; `collapsed` nodes hide what is below them. */
export function layOut(parent: number[], children: number[][], days: Float64Array, collapsed: Set<number>): Layout {
  const roots = parent.flatMap((above, node) => (above < 0 ? [node] : []));
  const size = below(children, downwards(roots, children));
  const row = new Int32Array(parent.length).fill(-1);
  const trees = roots.map((root) => treeOf(root, children, days, collapsed, size));
  const weight = (index: number): number => size[roots[index] as number] as number;
  const order = trees.map((_, index) => index).sort((a, b) => weight(b) - weight(a) || (trees[a] as Tree).from - (trees[b] as Tree).from);
  const rows = pack(order.map((index) => trees[index] as Tree), row);
  const folded = new Int32Array(parent.length);
  for (const node of collapsed) if ((row[node] as number) >= 0) folded[node] = size[node] as number;
  let first = Infinity;
  let last = -Infinity;
  for (const day of days) {
    first = Math.min(first, day);
    last = Math.max(last, day);
  }
  return { row, folded, rows, first, last };
}
