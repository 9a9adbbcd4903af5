import Link from 'next/link';

function Mark() {
  return (
    <svg viewBox="0 0 24 24" className="size-6 shrink-0" aria-hidden="true">
      <rect width="24" height="24" rx="6" className="fill-primary" />
      <path
        d="M4.5 10.2 12 5l7.5 5.2v8.3h-15z"
        className="fill-none stroke-primary-foreground"
        strokeWidth="1.6"
        strokeLinejoin="round"
      />
      <path
        d="m4.8 10.6 7.2 4.6 7.2-4.6"
        className="fill-none stroke-primary-foreground"
        strokeWidth="1.6"
        strokeLinejoin="round"
      />
    </svg>
  );
}

export function Brand({ href = '/' }: { href?: string }) {
  return (
    <Link href={href} className="inline-flex items-center gap-2 rounded-md font-semibold text-lg tracking-tight">
      <Mark />
      Mailstead
    </Link>
  );
}
