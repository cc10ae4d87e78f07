import type { PersonName } from '../src/customers/subscriber.ts'
import type { Chance } from './random.ts'

type Part = readonly [latn: string, my: string]

const WOMEN: readonly Part[] = [
  ['Khin', 'ခင်'],
  ['Mar', 'မာ'],
  ['Lwin', 'လွင်'],
  ['Thiri', 'သီရိ'],
  ['Su', 'စု'],
  ['Hnin', 'နှင်း'],
  ['Wai', 'ဝေ'],
  ['Phyu', 'ဖြူ'],
  ['Ei', 'အိ'],
  ['Mon', 'မွန်'],
  ['Nandar', 'နန္ဒာ'],
  ['Thandar', 'သန္တာ'],
  ['Aye', 'အေး'],
  ['Sandar', 'စန္ဒာ'],
  ['Win', 'ဝင်း'],
  ['Nwe', 'နွယ်'],
  ['Cho', 'ချို'],
  ['May', 'မေ'],
  ['Zin', 'ဇင်'],
  ['Myat', 'မြတ်'],
  ['Hla', 'လှ'],
  ['Moe', 'မိုး'],
  ['Thida', 'သီတာ'],
  ['Mya', 'မြ'],
  ['Yin', 'ယဉ်'],
  ['Htwe', 'ထွေး'],
  ['Shwe', 'ရွှေ'],
  ['Pwint', 'ပွင့်'],
  ['Wint', 'ဝင့်'],
  ['Kyi', 'ကြည်'],
  ['San', 'စန်း'],
  ['Nu', 'နု'],
  ['Yee', 'ရီ'],
  ['Thazin', 'သဇင်'],
  ['Nilar', 'နီလာ'],
  ['Sein', 'စိန်'],
  ['Tin', 'တင်'],
  ['Than', 'သန်း'],
]
const MEN: readonly Part[] = [
  ['Zaw', 'ဇော်'],
  ['Min', 'မင်း'],
  ['Aung', 'အောင်'],
  ['Kyaw', 'ကျော်'],
  ['Htun', 'ထွန်း'],
  ['Thura', 'သူရ'],
  ['Naing', 'နိုင်'],
  ['Lin', 'လင်း'],
  ['Htet', 'ထက်'],
  ['Wai', 'ဝေ'],
  ['Yan', 'ရန်'],
  ['Soe', 'စိုး'],
  ['Moe', 'မိုး'],
  ['Win', 'ဝင်း'],
  ['Hein', 'ဟိန်း'],
  ['Thant', 'သန့်'],
  ['Phyo', 'ဖြိုး'],
  ['Myo', 'မျိုး'],
  ['Kyi', 'ကြည်'],
  ['Swe', 'ဆွေ'],
  ['Than', 'သန်း'],
  ['Oo', 'ဦး'],
  ['Nyi', 'ညီ'],
  ['Ye', 'ရဲ'],
  ['Paing', 'ပိုင်'],
  ['Sithu', 'စည်သူ'],
  ['Zeya', 'ဇေယျာ'],
  ['Arkar', 'အာကာ'],
  ['Thein', 'သိန်း'],
  ['Hla', 'လှ'],
  ['Tin', 'တင်'],
  ['Khant', 'ခန့်'],
  ['Zin', 'ဇင်'],
  ['Pyae', 'ပြည့်'],
  ['Kaung', 'ကောင်း'],
  ['Myint', 'မြင့်'],
  ['Shein', 'ရှိန်'],
  ['Wunna', 'ဝဏ္ဏ'],
]

/** What the honorifics are in Burmese; they are no part of the name. */
export const HONORIFICS_MY: Readonly<Record<string, string>> = {
  U: 'ဦး',
  Daw: 'ဒေါ်',
  Ma: 'မ',
  Ko: 'ကို',
  Mg: 'မောင်',
}

/** A person's name in both scripts; two to four parts that belong together, no family name. */
export function nameOf(chance: Chance, person: { woman: boolean; age: number }): PersonName {
  const parts = chance.shuffle(person.woman ? WOMEN : MEN).slice(0, chance.pick([2, 2, 3, 3, 3, 4]))
  return {
    latn: parts.map(([latn]) => latn).join(' '),
    my: parts.map(([, my]) => my).join(''),
    honorific: honorificOf(person),
  }
}

function honorificOf({ woman, age }: { woman: boolean; age: number }): string {
  if (woman) return age >= 38 ? 'Daw' : 'Ma'
  return age >= 40 ? 'U' : age >= 20 ? 'Ko' : 'Mg'
}
