/**
 * The text of access rules, in the syntax of tcprules(1): one rule a line, `ADDRESS:allow` or `ADDRESS:deny`, each with any number
 * of `,NAME=QvalueQ`, where Q is any character that does not occur in the value. Spaces and tabs at the end of a line do not count;
 * lines that begin with `#`, empty ones and ones without a colon are passed over, as tcprules does without a word: the latter two
 * get a warning here where they look like a rule.
 *
 * One extension: an ADDRESS may be an IPv6 address or network, bare or in brackets. Its colons would end the ADDRESS for tcprules,
 * which refuses such lines, so no line that tcprules takes means anything else here.
 */

interface RuleVariable {
  name: string;
  value: string;
}

export interface RuleLine {
  /** From 1. */
  line: number;
  /** As written. */
  address: string;
  allow: boolean;
  variables: readonly RuleVariable[];
}

/** Where in the text something is wrong or remarkable; both numbers from 1, columns in characters. */
export interface RuleRemark {
  line: number;
  column: number;
  message: string;
}

export interface ParsedRules {
  rules: readonly RuleLine[];
  errors: readonly RuleRemark[];
  warnings: readonly RuleRemark[];
}

class LineError extends Error {
  readonly at: number;
  constructor(at: number, message: string) {
    super(message);
    this.at = at;
  }
}

/** Lines are read as bytes, one a character, as tcprules reads them. */
const toBytes = (text: string): string => Buffer.from(text).toString('latin1');
const toText = (bytes: string): string => Buffer.from(bytes, 'latin1').toString();

/** Bare, `[address/bits]` or `[address]/bits`. */
const IPV6_ADDRESS =
  /^(?:\[([0-9a-f:.]*:[0-9a-f:.]*(?:\/\d+)?)\](\/\d+)?|([0-9a-f:.]*:[0-9a-f:.]*(?:\/\d+)?)):(?=allow|deny)/i;

function splitAddress(line: string): { address: string; end: number } | undefined {
  const [all = '', bracketed, bits = '', bare] = IPV6_ADDRESS.exec(line) ?? [];
  const address = bracketed === undefined ? bare : `${bracketed}${bits}`;
  // `:allow` is the default rule, not an address.
  if (address !== undefined && address !== ':') return { address, end: all.length };
  const colon = line.indexOf(':');
  return colon < 0 ? undefined : { address: line.slice(0, colon), end: colon + 1 };
}

function readVerdict(line: string, at: number): { allow: boolean; end: number } {
  if (line.startsWith('deny', at)) return { allow: false, end: at + 4 };
  if (line.startsWith('allow', at)) return { allow: true, end: at + 5 };
  throw new LineError(at, 'After the colon comes “allow” or “deny”.');
}

function readVariable(line: string, at: number): { variable: RuleVariable; end: number } {
  if (line[at] !== ',') throw new LineError(at, 'Only a comma and a variable may follow here.');
  const equals = line.indexOf('=', at);
  if (equals < 0) throw new LineError(at + 1, 'A variable is written NAME="value".');
  const quote = line[equals + 1];
  if (quote === undefined)
    throw new LineError(equals + 1, 'The value is missing: write NAME="value", "" for an empty one.');
  const close = line.indexOf(quote, equals + 2);
  if (close < 0) throw new LineError(equals + 1, `The value is not closed: ${toText(quote)} is missing at its end.`);
  const variable = { name: toText(line.slice(at + 1, equals)), value: toText(line.slice(equals + 2, close)) };
  return { variable, end: close + 1 };
}

function parseLine(line: string, number: number): RuleLine | undefined {
  const split = splitAddress(line);
  if (split === undefined) return undefined;
  const { allow, end } = readVerdict(line, split.end);
  const variables: RuleVariable[] = [];
  for (let at = end; at < line.length; ) {
    const read = readVariable(line, at);
    variables.push(read.variable);
    at = read.end;
  }
  return { line: number, address: toText(split.address), allow, variables };
}

const NO_COLON = 'This line has no colon and does nothing: a rule is written ADDRESS:allow or ADDRESS:deny.';

export function parseRules(text: string): ParsedRules {
  const rules: RuleLine[] = [];
  const errors: RuleRemark[] = [];
  const warnings: RuleRemark[] = [];
  for (const [index, raw] of toBytes(text).split('\n').entries()) {
    const bytes = raw.replace(/[ \t]+$/, '');
    if (bytes === '' || bytes.startsWith('#')) continue;
    try {
      const rule = parseLine(bytes, index + 1);
      if (rule) rules.push(rule);
      else warnings.push({ line: index + 1, column: 1, message: NO_COLON });
    } catch (error) {
      if (!(error instanceof LineError)) throw error;
      errors.push({ line: index + 1, column: toText(bytes.slice(0, error.at)).length + 1, message: error.message });
    }
  }
  return { rules, errors, warnings };
}
