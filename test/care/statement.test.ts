import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Statement, statementCsv, statementPdf } from '../../src/care/statement-document.ts'

const statement: Statement = {
  operatorName: 'Ayeyar Mobile',
  name: { en: 'Daw Khin Mar Lwin', my: 'ဒေါ်ခင်မာလွင်' },
  number: '09 791 204 412',
  month: { en: 'August', my: 'ဩဂုတ်လ' },
  money: { en: 'Ks', my: 'ကျပ်' },
  madeOn: { en: '12 September', my: 'စက်တင်ဘာလ ၁၂ ရက်' },
  totalMilli: 2_250_000,
  page: 'http://localhost:8080/my',
  rows: [
    {
      day: '2026-08-14',
      time: '19:02:17',
      other: '=HYPERLINK("evil") #strong[x]',
      label: { en: 'Premium', my: 'အထူးနှုန်း' },
      lasted: { en: '8:02', my: '၈:၀၂' },
      chargeMilli: 2_250_000,
    },
  ],
  charges: [],
}

test('a statement is a PDF with the fonts of this repository, in both languages', () => {
  for (const language of ['en', 'my'] as const) {
    const pdf = statementPdf(statement, language).toString('latin1')
    assert.ok(pdf.startsWith('%PDF-'))
    assert.match(pdf, /Inter/)
    assert.equal(/NotoSansMyanmar/.test(pdf), language === 'my')
  }
})

test('a sender’s name is text in a statement: no formula in the CSV, no markup in the PDF', () => {
  const csv = statementCsv(statement, 'en').toString()
  assert.ok(csv.startsWith('\uFEFFDay,Time,'))
  assert.match(csv, /"'=HYPERLINK\(""evil""\) #strong\[x\]"/)
  assert.ok(csv.endsWith('\r\n'))
  assert.ok(statementPdf(statement, 'en').length > 1_000)
})

test('charges that are no calls stand in a statement beside the calls, in both languages', () => {
  const charges = [
    { kind: 'top-up', day: '2026-08-05', label: { en: 'Top-up', my: 'ငွေဖြည့်' }, amountMilli: -5_000_500 },
    { kind: 'tax', day: '2026-08-31', label: { en: '+Tax', my: 'အခွန်' }, amountMilli: 112_500 },
  ] as const
  const whole = { ...statement, totalMilli: 2_362_500, charges }
  const lines = statementCsv(whole, 'en').toString().trim().split('\r\n')
  assert.deepEqual(lines.slice(-2), ['2026-08-05,,,Top-up,,-5000.500', "2026-08-31,,,'+Tax,,112.500"])
  assert.match(statementCsv(whole, 'my').toString(), /2026-08-31,,,အခွန်,,112\.500/)
  for (const language of ['en', 'my'] as const)
    assert.ok(statementPdf(whole, language).length > statementPdf(statement, language).length)
})

test('a month without use is a statement that says so', () => {
  assert.ok(statementPdf({ ...statement, rows: [], totalMilli: 0 }, 'my').length > 1_000)
})
