import { makeLog, writeLog } from './make.ts'

/** `node bench/adversary/write.ts SEED DIR`: writes a world's accesses, events, staff and labels as files. */
const [seed, dir] = process.argv.slice(2)
if (seed === undefined || dir === undefined) {
  process.stderr.write('usage: node bench/adversary/write.ts SEED DIR\n')
  process.exit(2)
}
const log = makeLog({ seed })
writeLog(log, dir)
process.stdout.write(`${log.accesses.length} looks, ${log.labels.length} of them misuse, in ${dir}\n`)
