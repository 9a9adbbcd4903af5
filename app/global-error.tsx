'use client';

import { ErrorPage } from './components/error-page.tsx';
import './globals.css';

interface GlobalErrorProps {
  error: Error & { digest?: string };
  reset: () => void;
}

/** The root layout itself failed: this stands in for the whole document. */
export default function GlobalError(props: GlobalErrorProps) {
  return (
    <html lang="en">
      <body className="grid min-h-dvh place-items-center">
        <title>Mailstead</title>
        <ErrorPage {...props} />
      </body>
    </html>
  );
}
