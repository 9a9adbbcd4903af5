import type { BinaryProblem } from '#engine/wire/mime/binary-converter.ts';
import { type Reply, reply } from '../reply.ts';

/** What is told of content that cannot be taken as it is, and is never repaired. */
export const PROBLEM_REPLIES: Readonly<Record<BinaryProblem, Reply>> = {
  'bare-lf': reply(550, '5.6.0', 'Bare LF in message: lines must end with CRLF'),
  'bare-cr': reply(550, '5.6.0', 'Bare CR in message: lines must end with CRLF'),
  nul: reply(550, '5.6.0', 'NUL in message: binary content must be labelled so and sent as BODY=BINARYMIME'),
  'line-too-long': reply(550, '5.6.0', 'Line too long'),
  'broken-mime': reply(550, '5.6.0', 'The parts of this binary message cannot be told apart'),
};
