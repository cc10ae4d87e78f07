import type { ChargeKind } from '../customers/charges.ts'
import { typstString as quote, typstPdf } from '../platform/typst.ts'
import type { Language, Words } from '../platform/words.ts'
import { dayWords, moneyText, myanmarDigits } from './period.ts'

/** The itemised statement, as PDF (Typst, which shapes Burmese rightly) and CSV. It is hers: numbers are in full. */

export interface StatementRow {
  /** Local day, `2026-08-14`. */
  readonly day: string
  /** `19:11:40` */
  readonly time: string
  /** In full, a name, or empty. */
  readonly other: string
  readonly label: Words
  readonly lasted: Words
  readonly chargeMilli: number | null
}

/** A charge that is no call; what was paid in and credits are below zero. */
export interface StatementCharge {
  readonly kind: ChargeKind
  /** Local day. */
  readonly day: string
  readonly label: Words
  readonly amountMilli: number
}

export interface Statement {
  readonly operatorName: string
  readonly name: Words
  readonly number: string
  readonly month: Words
  readonly money: Words
  /** Local, as `25 November 2026`. */
  readonly madeOn: Words
  /** What is to be paid: the rows and the charges beside them, without what was topped up. */
  readonly totalMilli: number
  readonly rows: readonly StatementRow[]
  readonly charges: readonly StatementCharge[]
  readonly page: string
}

const LABELS = {
  title: { en: 'Itemised statement', my: 'အသေးစိတ် ငွေတောင်းခံလွှာ' },
  total: { en: 'Total', my: 'စုစုပေါင်း' },
  day: { en: 'Day', my: 'ရက်စွဲ' },
  time: { en: 'Time', my: 'အချိန်' },
  other: { en: 'Other party', my: 'တစ်ဖက်လူ' },
  kind: { en: 'Category', my: 'အမျိုးအစား' },
  lasted: { en: 'Lasted', my: 'ကြာချိန်' },
  made: { en: 'Made on', my: 'ထုတ်ပြန်သည့်ရက်' },
  usage: { en: 'Calls, texts and data', my: 'ခေါ်ဆိုမှု၊ စာနှင့် ဒေတာ' },
  charges: { en: 'Other charges', my: 'အခြားကျသင့်ငွေများ' },
  paidIn: {
    en: 'What was topped up is shown here and is no part of the total.',
    my: 'ဖြည့်သွင်းငွေကို ဤနေရာတွင် ပြထားသော်လည်း စုစုပေါင်းတွင် မပါဝင်ပါ။',
  },
  none: { en: 'Nothing was used in this period.', my: 'ဤကာလအတွင်း အသုံးပြုမှု မရှိပါ။' },
  who: { en: 'Who looked at your calls:', my: 'သင့်ဖုန်းမှတ်တမ်းကို မည်သူကြည့်ခဲ့သည်:' },
} satisfies Record<string, Words>

/** The statement as a PDF. */
export function statementPdf(statement: Statement, language: Language): Buffer {
  return typstPdf(statementSource(statement, language))
}

/** The statement as CSV (RFC 4180, CRLF), with a byte order mark so that spreadsheets read Burmese. */
export function statementCsv(statement: Statement, language: Language): Buffer {
  const head = [
    LABELS.day[language],
    LABELS.time[language],
    LABELS.other[language],
    LABELS.kind[language],
    LABELS.lasted[language],
    statement.money[language],
  ]
  const rows = statement.rows.map((row) => [
    row.day,
    row.time,
    row.other,
    row.label[language],
    row.lasted[language],
    row.chargeMilli === null ? '' : csvMoney(row.chargeMilli),
  ])
  const charges = statement.charges.map((charge) => [
    ...[charge.day, '', '', charge.label[language], '', csvMoney(charge.amountMilli)],
  ])
  const text = [head, ...rows, ...charges].map((cells) => cells.map(csvCell).join(',')).join('\r\n')
  return Buffer.from(`\uFEFF${text}\r\n`)
}

function csvMoney(milli: number): string {
  return (milli / 1000).toFixed(milli % 1000 === 0 ? 0 : 3)
}

/** A cell that a spreadsheet would take for a formula is led by an apostrophe (OWASP, CSV injection); numbers are not. */
function csvCell(text: string): string {
  const safe = /^[=@\t\r]|^[+-](?![0-9 .]+$)/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

function statementSource(statement: Statement, language: Language): string {
  const say = (label: keyof typeof LABELS) => quote(LABELS[label][language])
  const digits = (text: string) => (language === 'my' ? myanmarDigits(text) : text)
  const money = (milli: number) => quote(digits(moneyText(milli)))
  let last = ''
  const cells = statement.rows.map((row) => {
    const day = row.day === last ? '' : dayWords(row.day)[language]
    last = row.day
    return [
      quote(day),
      quote(digits(row.time)),
      quote(row.other),
      quote(row.label[language]),
      quote(row.lasted[language]),
      row.chargeMilli === null ? quote('') : money(row.chargeMilli),
    ].join(', ')
  })
  const table =
    cells.length === 0
      ? `#text(${say('none')})`
      : `#table(
  columns: (auto, auto, 1fr, auto, auto, auto),
  align: (left, left, left, left, right, right),
  stroke: (x, y) => if y > 0 { (top: 0.4pt + luma(210)) },
  inset: (x: 4pt, y: ${language === 'my' ? 7 : 5}pt),
  table.header(${(['day', 'time', 'other', 'kind', 'lasted'] as const).map((l) => `text(fill: luma(90), ${say(l)})`).join(', ')}, text(fill: luma(90), ${quote(statement.money[language])})),
  ${cells.join(',\n  ')},
)`
  return `#set page(paper: "a4", margin: (x: 18mm, y: 20mm), footer: context [#set text(8pt, fill: luma(110)); #text(${quote(`${LABELS.who[language]} ${statement.page}`)}) #h(1fr) #counter(page).display()])
#set text(font: ("Inter", "Noto Sans Myanmar"), size: 9pt, lang: "${language}")
#set par(leading: ${language === 'my' ? '0.95em' : '0.65em'})
#text(10pt, fill: luma(90), ${quote(statement.operatorName)})
#v(2mm)
#text(17pt, weight: "bold", ${say('title')})
#v(1mm)
#text(11pt, ${quote(`${statement.name[language]} · ${statement.number} · ${statement.month[language]}`)})
#v(1mm)
#text(11pt, weight: "bold", ${quote(`${LABELS.total[language]} ${digits(moneyText(statement.totalMilli))} ${statement.money[language]}`)})
#h(1fr)
#text(8pt, fill: luma(110), ${quote(`${LABELS.made[language]} ${statement.madeOn[language]}`)})
#v(3mm)
${table}
${statement.charges.length === 0 ? '' : chargesSource(statement, language)}`
}

/** What is charged beside the rows, and how the total comes about. */
function chargesSource({ rows, charges, totalMilli, money }: Statement, language: Language): string {
  const say = (label: keyof typeof LABELS) => quote(LABELS[label][language])
  const amount = (milli: number) =>
    quote(language === 'my' ? myanmarDigits(moneyText(milli)) : moneyText(milli))
  const usageMilli = rows.reduce((sum, row) => sum + (row.chargeMilli ?? 0), 0)
  const cells = charges.map((charge) =>
    [quote(dayWords(charge.day)[language]), quote(charge.label[language]), amount(charge.amountMilli)].join(
      ', ',
    ),
  )
  const sums = [
    [say('usage'), amount(usageMilli)],
    [say('charges'), amount(totalMilli - usageMilli)],
    [`strong(${say('total')})`, `strong(${amount(totalMilli)})`],
  ].map(([label, sum]) => `[], ${label}, ${sum}`)
  const paidIn = charges.some(({ kind }) => kind === 'top-up')
  return `#v(4mm)
#block(breakable: false)[
#text(11pt, weight: "bold", ${say('charges')})
#h(1fr)
#text(fill: luma(90), ${quote(money[language])})
#table(
  columns: (auto, 1fr, auto),
  align: (left, left, right),
  stroke: (x, y) => if y > 0 { (top: 0.4pt + luma(210)) },
  inset: (x: 4pt, y: ${language === 'my' ? 7 : 5}pt),
  ${[...cells, ...sums].join(',\n  ')},
)
${paidIn ? `#text(8pt, fill: luma(110), ${say('paidIn')})` : ''}
]
`
}
