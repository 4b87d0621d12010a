/**
 * The edges of a graph whose nodes are numbered from 0 on. No function here is recursive, because a document may have
 * very many steps.
 */
export type GraphEdges = (node: number) => readonly number[];

/** @returns the start nodes, and all that can be reached from them */
export function findReachableNodes(starts: readonly number[], edges: GraphEdges): ReadonlySet<number> {
  const reached = new Set(starts);
  // The loop also visits the nodes that are added to the set on the way.
  for (const node of reached) for (const next of edges(node)) reached.add(next);
  return reached;
}

/** @returns the edges in the opposite direction */
export function reverseEdges(count: number, edges: GraphEdges): GraphEdges {
  const back: number[][] = Array.from({ length: count }, () => []);
  for (let node = 0; node < count; node += 1) for (const next of edges(node)) back[next]?.push(node);
  return (node) => back[node] ?? [];
}

/**
 * @returns the strongly connected components with more than one node or with an edge to itself, in the order of the
 * nodes
 */
export function findCycles(count: number, edges: GraphEdges): readonly (readonly number[])[] {
  const back = reverseEdges(count, edges);
  const taken = new Set<number>();
  const found: number[][] = [];
  for (const root of listPostorder(count, edges).toReversed()) {
    if (taken.has(root)) continue;
    const component = [...findReachableNodes([root], (node) => back(node).filter((before) => !taken.has(before)))];
    for (const node of component) taken.add(node);
    if (component.length > 1 || edges(root).includes(root)) found.push(component.toSorted((a, b) => a - b));
  }
  return found.toSorted(([a = 0], [b = 0]) => a - b);
}

/**
 * @returns for each node the greatest sum of weights on a path that begins with it and passes each cycle at most once
 */
export function sumHeaviestPaths(
  count: number,
  edges: GraphEdges,
  weight: (node: number) => number,
): readonly number[] {
  const sums: number[] = [];
  for (const node of listPostorder(count, edges)) {
    const onward = edges(node).map((next) => sums[next] ?? 0);
    sums[node] = weight(node) + onward.reduce((most, each) => Math.max(most, each), 0);
  }
  return sums;
}

/** @returns the nodes in postorder of a depth-first search */
function listPostorder(count: number, edges: GraphEdges): readonly number[] {
  const seen = new Set<number>();
  const order: number[] = [];
  for (let start = 0; start < count; start += 1) {
    const stack = seen.has(start) ? [] : [{ node: start, at: 0 }];
    seen.add(start);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const next = edges(top.node)[top.at];
      top.at += 1;
      if (next === undefined) order.push(stack.pop()?.node ?? start);
      else if (next < count && !seen.has(next)) {
        seen.add(next);
        stack.push({ node: next, at: 0 });
      }
    }
  }
  return order;
}
