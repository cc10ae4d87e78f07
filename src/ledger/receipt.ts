import { CodedError } from '../platform/coded-error.ts'

/** A column of a call record that an opening may name. */
export type Field =
  | 'start'
  | 'duration'
  | 'kind'
  | 'direction'
  | 'answered'
  | 'charge'
  | 'tariff'
  | 'cell'
  | 'otherMasked'
  | 'otherMatched'
  | 'otherFull'

/** What a reveal may see: one tenure of one subject, a period, fields, and the rows where it names them. */
export interface Opening {
  /** Pseudonym of the subscriber, 32 hex. */
  readonly subject: string
  readonly tenure: string
  /** Seconds since 1970 UTC; half open: `from <= start < until`. */
  readonly from: number
  readonly until: number
  readonly fields: readonly Field[]
  /** Names of records; absent means every row of the period. */
  readonly rows?: readonly string[]
}

export type ReceiptFault = 'receipt-forged' | 'receipt-spent'

const TOKEN: symbol = Symbol('receipt')
let press: (opening: Opening) => Receipt
let spend: (receipt: Receipt) => Opening
let claimed = false

/**
 * Proof that the entry saying who looks, at whom, why and at which fields is in the ledger: durable and
 * covered by a signed checkpoint. It opens once.
 *
 * Why it cannot be forged: the constructor is private to the type checker, and at run time asks for a token
 * that never leaves this module; the one function that passes it is handed out once, to `ledger.ts`, when
 * that module loads. What a receipt opens lies in a private field, so a look-alike object, a subclass or a
 * clone has none, and `spendReceipt` refuses it.
 */
export class Receipt {
  readonly #opening: Opening
  #spent = false

  private constructor(token: symbol, opening: Opening) {
    if (token !== TOKEN)
      throw new CodedError<ReceiptFault>('receipt-forged', 'only the ledger makes receipts')
    this.#opening = opening
    Object.freeze(this)
  }

  static {
    press = (opening) => new Receipt(TOKEN, freezeOpening(opening))
    spend = (receipt) => {
      if (typeof receipt !== 'object' || receipt === null || !(#opening in receipt))
        throw new CodedError<ReceiptFault>('receipt-forged', 'this is not a receipt of the ledger')
      if (receipt.#spent) throw new CodedError<ReceiptFault>('receipt-spent', 'this receipt has been used')
      receipt.#spent = true
      return receipt.#opening
    }
  }
}

/**
 * What `receipt` opens; it will not open again. Only the vault calls this.
 * @throws CodedError `receipt-forged` for anything the ledger did not make, `receipt-spent` the second time.
 */
export function spendReceipt(receipt: Receipt): Opening {
  return spend(receipt)
}

/**
 * Gives the one function that makes receipts, once: `ledger.ts` claims it when it loads. Whoever else asks is
 * refused, and had they asked first, the ledger would not have loaded and nothing would start.
 * @throws CodedError `receipt-forged` when it has been claimed.
 */
export function claimReceiptPress(): (opening: Opening) => Receipt {
  if (claimed) throw new CodedError<ReceiptFault>('receipt-forged', 'only the ledger makes receipts')
  claimed = true
  return press
}

/** A copy of `opening` that who holds the first one cannot change. */
export function copyOpening(opening: Opening): Opening {
  const copy = { ...opening, fields: [...opening.fields] }
  return opening.rows === undefined ? copy : { ...copy, rows: [...opening.rows] }
}

/** A copy of `opening` that nobody can change. */
function freezeOpening(opening: Opening): Opening {
  const copy = copyOpening(opening)
  Object.freeze(copy.fields)
  if (copy.rows !== undefined) Object.freeze(copy.rows)
  return Object.freeze(copy)
}
