/** One-page PDF documents of lines of text, small and valid: header, objects, cross-reference table, trailer. */

/** `big` lines are headings. Characters outside ISO-8859-1 but € become `?`. */
export interface PdfLine {
  text: string;
  big?: boolean;
}

const TOP = 780;
const LEFT = 64;

export function drawPdf(title: string, lines: readonly PdfLine[]): Buffer {
  const content = pageContent(lines);
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 6 0 R /Resources << /Font << /F1 4 0 R /F2 5 0 R >> >> >>',
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>',
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    `<< /Title ${pdfString(title)} >>`,
  ];
  let file = '%PDF-1.4\n%\xe2\xe3\xcf\xd3\n';
  const offsets: number[] = [];
  for (const [index, object] of objects.entries()) {
    offsets.push(file.length);
    file += `${index + 1} 0 obj\n${object}\nendobj\n`;
  }
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const size = objects.length + 1;
  const start = file.length;
  file += `xref\n0 ${size}\n0000000000 65535 f \n${table}trailer\n<< /Size ${size} /Root 1 0 R /Info 7 0 R >>\nstartxref\n${start}\n%%EOF\n`;
  return Buffer.from(file, 'latin1');
}

function pageContent(lines: readonly PdfLine[]): string {
  let y = TOP;
  const drawn = lines.map(({ text, big = false }) => {
    y -= big ? 30 : 18;
    return `BT /${big ? 'F2 18' : 'F1 11'} Tf ${LEFT} ${y} Td ${pdfString(text)} Tj ET`;
  });
  return drawn.join('\n');
}

function pdfString(text: string): string {
  const winAnsi = text.replaceAll('€', '\x80').replace(/[^\x20-\x7e\x80\xa0-\xff]/g, '?');
  return `(${winAnsi.replace(/[()\\]/g, '\\$&')})`;
}
