/** A function that runs what it is given one after another, in order; a failure is its caller's and stops nobody else. */
export function serialise(): <Result>(run: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve();
  return (run) => {
    const next = last.then(run);
    last = next.catch(() => undefined);
    return next;
  };
}
