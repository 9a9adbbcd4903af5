'use client';

import { useEffect, useRef, useState } from 'react';
import type { Examination } from '#server/access-rules/examine-rules.ts';
import type { AccessService } from '#server/access-rules/types.ts';
import { checkRulesAction } from '@/actions/access-rules.ts';

const PAUSE_MS = 400;

/** What saving `text` would say, asked when typing pauses; until then what was last known. */
export function useRulesCheck(service: AccessService, text: string, first: { text: string; remarks: Examination }) {
  const [remarks, setRemarks] = useState(first.remarks);
  const asked = useRef(first.text);

  useEffect(() => {
    if (text === asked.current) return;
    const timer = setTimeout(async () => {
      asked.current = text;
      const result = await checkRulesAction({ service, text });
      if (asked.current === text && result.ok) setRemarks(result.data);
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [service, text]);

  return remarks;
}
