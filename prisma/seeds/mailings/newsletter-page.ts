/** The HTML of newsletters as newsletters are: tables, inline styles, remote pictures, a preview line nobody is to see. */

export interface Story {
  title: string;
  text: string;
  link: string;
}

export interface NewsletterPage {
  brand: string;
  colour: string;
  host: string;
  preheader: string;
  greeting: string;
  stories: readonly Story[];
  footer: string;
}

const FONT = "font-family:Georgia,'Times New Roman',serif";

export function newsletterPage(page: NewsletterPage): string {
  const { brand, colour, host, preheader, greeting, stories, footer } = page;
  return `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>${brand}</title>
<style>
  @media (max-width: 480px) { .wide { width: 100% !important } .pad { padding: 16px !important } }
  a { color: ${colour} }
</style></head>
<body style="margin:0;background:#f2f0eb">
<div style="display:none;max-height:0;overflow:hidden">${preheader}&zwnj;&nbsp;&zwnj;&nbsp;&zwnj;&nbsp;</div>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="background:#f2f0eb"><tr><td align="center" style="padding:24px">
<table role="presentation" class="wide" width="600" cellpadding="0" cellspacing="0" style="background:#ffffff;border-radius:8px">
<tr><td style="background:${colour};color:#ffffff;padding:28px 32px;${FONT};font-size:26px;border-radius:8px 8px 0 0">${brand}</td></tr>
<tr><td><img src="https://img.${host}/header.jpg" width="600" alt="" style="display:block;width:100%"></td></tr>
<tr><td class="pad" style="padding:28px 32px;${FONT};font-size:17px;line-height:1.6;color:#333333">
<p style="margin:0 0 20px">${greeting}</p>
${stories.map((story) => storyHtml(story, colour, host)).join('\n')}
</td></tr>
<tr><td style="padding:20px 32px;${FONT};font-size:13px;color:#8a867c;border-top:1px solid #e6e2d8">${footer}
<br><a href="https://${host}/unsubscribe" style="color:#8a867c">Unsubscribe</a></td></tr>
</table></td></tr></table>
<img src="https://track.${host}/open.gif?m=8841" width="1" height="1" alt="">
</body></html>`;
}

function storyHtml({ title, text, link }: Story, colour: string, host: string): string {
  return `<h2 style="margin:0 0 8px;font-size:21px;color:#1d1d1d">${title}</h2>
<p style="margin:0 0 10px">${text}</p>
<p style="margin:0 0 28px"><a href="https://${host}/${link}" style="display:inline-block;background:${colour};color:#ffffff;padding:9px 18px;border-radius:4px;text-decoration:none;font-size:15px">Read on</a></p>`;
}

export function newsletterText({ brand, greeting, stories, footer, host }: NewsletterPage): string {
  const told = stories.map(({ title, text, link }) => `${title.toUpperCase()}\n${text}\nhttps://${host}/${link}`);
  return [brand, greeting, ...told, footer].join('\n\n');
}
