import { exportRules } from '#server/access-rules/export-rules.ts';
import { OperationError } from '#server/actor/errors.ts';
import { findActor, operationContext } from '@/session.ts';
import { isAccessService } from '../../services.ts';

/** A service's rules as `tcp.smtp.cdb` and the like, for tcpserver. */
export async function GET(_: Request, { params }: { params: Promise<{ service: string }> }): Promise<Response> {
  const { service } = await params;
  const actor = await findActor();
  if (!actor) return new Response('Sign in first.', { status: 401 });
  if (!isAccessService(service)) return new Response('There is no such service.', { status: 404 });
  try {
    const { cdb } = await exportRules(await operationContext(actor), { service });
    return new Response(new Uint8Array(Buffer.from(cdb, 'base64')), {
      headers: {
        'content-type': 'application/octet-stream',
        'content-disposition': `attachment; filename="tcp.${service}.cdb"`,
        'cache-control': 'no-store',
      },
    });
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    return new Response(error.message, { status: error.code === 'forbidden' ? 403 : 400 });
  }
}
