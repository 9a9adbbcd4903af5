/**
 * Unicode normal forms of text that comes from outside. Normalising sorts each run of combining marks, in time that grows with its
 * square, so long runs are broken first, as the Stream-Safe Text Format has it (UAX #15 §13): what takes long is no language's text.
 */

/** Up to 30 marks, and the mark behind them if there is one more. */
const RUN = /[\p{M}--\u034f]{2,30}(?=([\p{M}--\u034f])?)/gv;

/** Linear in the length of `text`; text without a run of more than 30 marks is normalised as it stands. */
export function normalForm(text: string, form: 'NFC' | 'NFKC' = 'NFC'): string {
  // U+034F COMBINING GRAPHEME JOINER ends a run.
  return text.replace(RUN, (run, next?: string) => (next === undefined ? run : `${run}\u034f`)).normalize(form);
}
