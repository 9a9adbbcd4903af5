import { people } from '../people.ts';
import type { Conversation } from './types.ts';

export const romance: readonly Conversation[] = [
  {
    subject: 'Rencontre en librairie, jeudi soir',
    replyPrefix: 'RE : ',
    charset: 'utf-8',
    turns: [
      {
        from: people.manon,
        text: `Bonjour,

Tout est prêt pour jeudi : trente chaises, une lampe, et le chat a promis de rester au premier étage. Notre autrice arrive par le train de 17 h 12 et préfère le thé au vin, ce qui nous laisse le vin.

Pourriez-vous apporter une quinzaine d'exemplaires ? Les nôtres sont déjà réservés.

À jeudi,
Manon`,
      },
      {
        from: 'me',
        text: `Bonjour Manon,

Vingt exemplaires partiront avec moi jeudi matin. S'il en reste, je les rapporte ; s'il n'en reste pas, c'est encore mieux.

Je peux aller chercher votre invitée à la gare si cela vous arrange.`,
      },
      {
        from: people.manon,
        text: `Ce serait parfait. Elle aura un manteau rouge et, sans doute, un livre ouvert à la main. Ne la laissez pas traverser en lisant !`,
      },
    ],
  },
  {
    subject: 'Le vélo bleu est retrouvé',
    replyPrefix: 'RE : ',
    charset: 'iso-8859-1',
    turns: [
      {
        from: people.theo,
        text: `Bonne nouvelle : le vélo bleu n'a jamais été volé. Il était derrière l'église, là où je l'avais laissé avant l'été. Je présente mes excuses à tout le quartier, et surtout au facteur.`,
      },
      {
        from: 'me',
        text: `Le facteur te pardonne, il me l'a dit. Il demande seulement que tu attaches désormais ta mémoire en même temps que le vélo.`,
      },
    ],
  },
  {
    subject: 'Tomates, y una pregunta sobre el aceite',
    charset: 'utf-8',
    turns: [
      {
        from: people.lucia,
        text: `¡Hola!

Este año los tomates han llegado todos a la vez, como los primos en Navidad. Os guardo cuarenta kilos de los feos, que son los mejores para conserva.

Una pregunta: ¿queréis el aceite del mismo olivar que el año pasado o probamos el de la ladera norte? Es más amargo, pero a mí me gusta.

Un abrazo,
Lucía`,
      },
      {
        from: 'me',
        text: `Los cuarenta kilos de feos, por favor, y que vengan bien maduros.

Del aceite, mitad y mitad. Así lo probamos con calma y discutimos todo el invierno.`,
      },
      {
        from: people.lucia,
        text: `Hecho. El sábado a las ocho paso con la furgoneta. Si oís una bocina, es que traigo también melones.`,
      },
      { from: 'me', text: `Habrá café. Y sitio para los melones.` },
    ],
  },
  {
    subject: 'Receta de la masa madre de la abuela',
    charset: 'iso-8859-1',
    folder: 'Recipes',
    turns: [
      {
        from: people.mateo,
        text: `Me pediste la receta y aquí está, tal como la apuntó mi abuela en un sobre:

  Harina, la que pida.
  Agua, hasta que deje de quejarse.
  Sal, un puñado de los pequeños.
  Una noche entera. Y no mirar.

Lo difícil, ya lo verás, es no mirar.

Mateo`,
      },
      { from: 'me', text: `Miré. Dos veces. El pan salió bien, pero creo que me guarda rencor.` },
    ],
  },
];
