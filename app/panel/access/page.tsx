import { redirect } from 'next/navigation';

export default function AccessPage(): never {
  redirect('/panel/access/smtp');
}
