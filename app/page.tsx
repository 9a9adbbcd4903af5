import { redirect } from 'next/navigation';
import { homeOf, requireActor } from './session.ts';

/** Everybody to their own place. */
export default async function HomePage() {
  redirect(homeOf(await requireActor()));
}
