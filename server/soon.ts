/** What is often there at once: where it is, hot paths go on without a promise, which costs more than most of what they do. */
export type Soon<T> = T | Promise<T>;

/** `next` of the value: at once where it is there, else when it comes. */
export function whenThere<T, U>(value: Soon<T>, next: (value: T) => Soon<U>): Soon<U> {
  return value instanceof Promise ? value.then(next) : next(value);
}
