/** Works on several at a time, and gives out what comes of it in the order of the items. */
export async function* inOrder<T, R>(
  items: AsyncIterable<T>,
  width: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const underWay: Promise<R>[] = [];
  for await (const item of items) {
    const result = work(item);
    result.catch(() => {}); // awaited when it is its turn
    underWay.push(result);
    const [first] = underWay;
    if (underWay.length < width || first === undefined) continue;
    yield await first;
    void underWay.shift();
  }
  for (const result of underWay) yield await result;
}
