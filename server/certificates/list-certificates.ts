import { idInput } from '../input/id.ts';
import { type ListResult, listInput, pageOf } from '../input/list.ts';
import { defineOperation } from '../operation.ts';
import { certificateScope } from './certificate-scope.ts';
import { CERTIFICATE_FIELDS, type CertificateView, toCertificateView } from './certificate-view.ts';

/** Certificates in the actor's scope, the first to expire first; searched by one of their names. */
export const listCertificates = defineOperation({
  name: 'certificates.list',
  allow: ['admin', 'reseller', 'domain-owner'],
  kind: 'read',
  input: listInput(['notAfter', 'createdAt'], { domainId: idInput }),
  run: async ({ db, actor, now }, query): Promise<ListResult<CertificateView>> => {
    const { search, sort, direction, filters } = query;
    const where = {
      AND: [
        certificateScope(actor),
        filters.domainId === undefined ? {} : { domainId: filters.domainId },
        search === '' ? {} : { names: { has: search.toLowerCase() } },
      ],
    };
    const orderBy = [{ [sort]: direction }, { id: 'asc' as const }];
    const [rows, total] = [
      await db.certificate.findMany({ where, orderBy, ...pageOf(query), select: CERTIFICATE_FIELDS }),
      await db.certificate.count({ where }),
    ];
    return { rows: rows.map((row) => toCertificateView(row, now())), total };
  },
});
