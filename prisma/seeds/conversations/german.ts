import { people } from '../people.ts';
import type { Conversation } from './types.ts';

export const german: readonly Conversation[] = [
  {
    subject: 'Liegeplatz für die „Möwe“ im Frühjahr',
    replyPrefix: 'AW: ',
    charset: 'utf-8',
    turns: [
      {
        from: people.hanna,
        text: `Guten Tag,

die „Möwe“ ist fast fertig. Der neue Mast steht, die Persenning kommt nächste Woche, und unsere Lehrlinge haben die Messingbeschläge so lange poliert, dass man sich darin rasieren könnte.

Haben Sie ab April einen Liegeplatz für ein Boot von acht Metern? Am liebsten dort, wo man morgens die Sonne hat.

Herzliche Grüße
Hanna Köhler`,
      },
      {
        from: 'me',
        text: `Liebe Frau Köhler,

Platz 14 am Südsteg wird frei, acht Meter fünfzig, Sonne bis zum Mittag. Den Nachbarn stört nur, wer vor sechs Uhr singt.

Soll ich ihn für Sie vormerken?`,
      },
      {
        from: people.hanna,
        text: `Bitte gern! Gesungen wird bei uns erst nach dem Frühstück.

Wir überführen sie am ersten ruhigen Wochenende.`,
      },
    ],
  },
  {
    subject: 'Korrektur für die Samstagsausgabe',
    replyPrefix: 'AW: ',
    charset: 'iso-8859-1',
    turns: [
      {
        from: people.uwe,
        text: `Moin,

in unserem Artikel über das Fährfest steht, es seien zwölfhundert Fischbrötchen verkauft worden. Der Verein sagt, es waren zwölftausend. Ich habe beides nicht gezählt, aber die Möwen sahen eher nach zwölftausend aus.

Wissen Sie, was stimmt?

Uwe Schröder, Inselbote`,
      },
      {
        from: 'me',
        text: `Moin Herr Schröder,

die Bäckerei hat 2.400 Brötchen geliefert, zweimal. Mehr waren es also nicht, weniger auch kaum: Übrig blieb nur ein Korb Zwiebeln.`,
      },
      {
        from: people.uwe,
        text: `4.800, das ist die schönste Zahl von allen. Steht am Samstag drin, mit einem Gruß an die Möwen.`,
      },
    ],
  },
  {
    subject: 'Schlüssel zum Bootshaus',
    replyPrefix: 'Re: ',
    turns: [
      {
        from: people.uwe,
        text: `Ich war gestern am Bootshaus und habe das neue Schloss bewundert. Leider von außen. Wer hat denn jetzt einen Schlüssel?`,
      },
      {
        from: 'me',
        text: `Einer hängt im Hafenbüro hinter der Wetterkarte, einer liegt bei mir. Den dritten hat vermutlich die Ostsee.`,
      },
    ],
  },
];
