/** Correspondents of the demo mailboxes: invented people at reserved domains. */
import type { Person } from './types.ts';

function person(name: string, address: string): Person {
  return { name, address };
}

export const people = {
  ada: person('Ada Fairweather', 'ada@fairweather-boats.example'),
  bram: person('Bram de Vries', 'bram@polderworks.example'),
  priya: person('Priya Raman', 'priya.raman@monsoonbooks.example'),
  callum: person('Callum Reid', 'callum@northpier.example'),
  hanna: person('Hanna Köhler', 'hanna.koehler@werft-koehler.example'),
  uwe: person('Uwe Schröder', 'uwe@inselbote.example'),
  manon: person('Manon Lefèvre', 'manon@librairie-lefevre.example'),
  theo: person('Théo Garnier', 'theo.garnier@rive-gauche.example'),
  lucia: person('Lucía Fernández', 'lucia@huerta-fernandez.example'),
  mateo: person('Mateo Ibáñez', 'mateo@panaderia-ibanez.example'),
  olga: person('Ольга Смирнова', 'olga@berezka.example'),
  dmitri: person('Дмитрий Орлов', 'orlov@volgasad.example'),
  nikos: person('Νίκος Αλεξίου', 'nikos@aegean-charts.example'),
  salma: person('سلمى الخطيب', 'salma@dar-alwaha.example'),
  omar: person('عمر ناصر', 'omar@dar-alwaha.example'),
  david: person('דוד לוי', 'david@shaked-books.example'),
  wei: person('王伟', 'wangwei@bamboo-tea.example'),
  mei: person('陈美', 'chenmei@bamboo-tea.example'),
  yuki: person('佐藤 由紀', 'yuki.sato@kamome-press.example'),
  haruto: person('田中 陽斗', 'haruto@kamome-press.example'),
} as const;
