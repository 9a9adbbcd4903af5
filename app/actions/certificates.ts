'use server';

import { deleteCertificates } from '#server/certificates/delete-certificates.ts';
import { uploadCertificate } from '#server/certificates/upload-certificate.ts';
import { act } from './act.ts';
import type { ActionResult } from './result.ts';

export async function uploadCertificateAction(
  input: Parameters<typeof uploadCertificate>[1],
): Promise<ActionResult<Awaited<ReturnType<typeof uploadCertificate>>>> {
  return act(uploadCertificate, input);
}

export async function deleteCertificatesAction(ids: string[]): Promise<ActionResult<unknown>> {
  return act(deleteCertificates, { ids });
}
