/**
 * Seals small texts that rest in the database (profiles, texts to be sent, entry bodies), so that the database
 * alone is worth nothing. AES-256-GCM with a random nonce; the key is derived for each `purpose`.
 * `keys/` makes the real one.
 */
export interface Sealer {
  /** @param context associated data: what row and column this is, so that a ciphertext moved elsewhere does not open. */
  seal(purpose: string, context: string, plain: Uint8Array): Buffer
  /** The plain bytes. @throws CodedError `sealed-broken` when the bytes, the purpose or the context are not the sealed ones. */
  open(purpose: string, context: string, sealed: Uint8Array): Buffer
}
