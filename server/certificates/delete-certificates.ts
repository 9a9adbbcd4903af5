import { z } from 'zod';
import { notFound } from '../actor/errors.ts';
import { idsInput } from '../input/id.ts';
import { defineOperation } from '../operation.ts';
import { certificateScope } from './certificate-scope.ts';

/** For good, with its key: clients that ask for its names are shown another of them, or the machine's own. All or none. */
export const deleteCertificates = defineOperation({
  name: 'certificates.delete',
  allow: ['admin', 'reseller', 'domain-owner'],
  kind: 'write',
  input: z.object({ ids: idsInput }),
  run: async ({ db, actor }, { ids }): Promise<{ names: string[] }> => {
    const where = { AND: [certificateScope(actor), { id: { in: ids } }] };
    const rows = await db.certificate.findMany({ where, select: { names: true } });
    if (rows.length !== ids.length) throw notFound('certificate');
    await db.certificate.deleteMany({ where });
    return { names: rows.flatMap((row) => row.names) };
  },
  target: (_, { names }) => names.join(', ').slice(0, 500),
});
