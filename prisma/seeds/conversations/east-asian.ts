import { people } from '../people.ts';
import type { Conversation } from './types.ts';

export const eastAsian: readonly Conversation[] = [
  {
    subject: '春茶样品已经寄出',
    charset: 'gb18030',
    encoding: 'base64',
    turns: [
      {
        from: people.wei,
        text: `您好！

今年的春茶样品昨天已经寄出，一共三种：山顶的、山腰的，还有我父亲自己留着喝的那一种。

请用八十度的水，不要着急。第三泡最好喝。

王伟`,
      },
      {
        from: 'me',
        text: `王先生，您好！

样品收到了，谢谢。我们一致喜欢您父亲的那一种，不知道他愿不愿意分一点给别人？`,
      },
      { from: people.wei, text: `他听了很高兴，说可以分十斤，条件是你们要给他寄一张海的照片。` },
    ],
  },
  {
    subject: '关于周五下午的会议',
    charset: 'utf-8',
    turns: [
      {
        from: people.mei,
        text: `大家好，

周五下午三点开会，地点改在二楼的小会议室，因为大会议室在修窗户。会议不会超过四十分钟，我会带点心。

陈美`,
      },
      { from: 'me', text: `收到。有点心的话，超过四十分钟也没关系。` },
    ],
  },
  {
    subject: '装丁の見本ができました',
    charset: 'iso-2022-jp',
    turns: [
      {
        from: people.yuki,
        text: `お世話になっております。

装丁の見本ができましたので、本日お送りしました。表紙の紙は二種類あります。手でさわってから、どちらかお選びください。

私は、少しざらざらしたほうが好きです。

佐藤`,
      },
      {
        from: 'me',
        text: `佐藤さん

見本、ありがとうございます。みんなで目を閉じてさわりました。全員、ざらざらのほうです。`,
      },
      { from: people.yuki, text: `うれしいです。では、そちらで進めます。本は来月の十日に届く予定です。` },
    ],
  },
  {
    subject: '港の写真展のご案内',
    charset: 'utf-8',
    encoding: 'base64',
    turns: [
      {
        from: people.haruto,
        text: `こんにちは。

来月、海の見える小さなギャラリーで港の写真展を開きます。朝の写真ばかり四十二枚です。早起きが苦手な人にも見てほしいと思っています。

初日は午後二時からです。お待ちしています。

田中`,
      },
      { from: 'me', text: `おめでとうございます。早起きは苦手なので、ぜひ伺います。` },
    ],
  },
];
