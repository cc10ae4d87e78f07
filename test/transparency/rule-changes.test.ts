import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Header } from '../../src/ledger/entry.ts'
import { countFigures } from '../../src/transparency/figures.ts'
import { figuresCsv, reportPage } from '../../src/transparency/page.ts'
import { parsePeriod } from '../../src/transparency/period.ts'

const version = (counts: Record<string, number>): Header => ({
  v: 1,
  kind: 'verification-policy',
  day: '2026-08-03',
  counts,
})
const CHANGED = version({
  version: 2,
  approvals: 2,
  decisions: 40,
  wouldRefuse: 7,
  wouldAllow: 0,
  'before.photoId.secondClerk': 0,
  'after.photoId.secondClerk': 1,
  'after.retention.storeMonths': 12,
})

test('a change of the rules is in the report with its approvals, its preview, and each rule before and after', () => {
  const figures = countFigures([version({ version: 1, approvals: 0 }), CHANGED])
  assert.deepEqual(figures.ruleChanges, [
    {
      version: 2,
      day: '2026-08-03',
      approvals: 2,
      decisions: 40,
      wouldRefuse: 7,
      wouldAllow: 0,
      changes: [
        { rule: 'photoId.secondClerk', before: 0, after: 1 },
        { rule: 'retention.storeMonths', before: null, after: 12 },
      ],
    },
  ])
  const period = parsePeriod('2026-Q3')!
  const view = {
    report: { period, over: true, figures, secrecies: { standing: 0, overdue: 0 } },
    periods: [period],
    operatorName: { en: 'Ayeyar Mobile', my: 'ဧရာမိုဘိုင်း' },
    frames: [],
    smallCounts: 'exact',
  } as const
  const page = reportPage({ ...view, language: 'en' })
  assert.match(page, /How our own rules changed/)
  assert.match(page, /second clerk’s word<\/th><td>no<\/td><td>yes<\/td>/)
  assert.match(page, /months<\/th><td>as the jurisdiction says<\/td><td>12<\/td>/)
  assert.match(page, /of 40 decisions it would have refused 7 and allowed 0/)
  assert.match(reportPage({ ...view, language: 'my' }), /စည်းမျဉ်းများ ပြောင်းလဲပုံ/)
  assert.match(figuresCsv(period, figures, 'exact'), /ruleChanges\.after\.photoId\.secondClerk,version 2,1/)
})

test('a period without a change says nothing of rules, so that reports from before are counted as they were', () => {
  assert.equal('ruleChanges' in countFigures([version({ version: 2 })]), false)
})
