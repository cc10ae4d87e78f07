import { CodedError } from '../platform/coded-error.ts'

/** Standard base64 with padding (RFC 4648, section 4). Runs in browsers. */
export function encodeBase64(bytes: Uint8Array): string {
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary)
}

/**
 * The bytes of canonical base64: padded, no spaces, no stray bits in the last digit, so that a text has one
 * encoding only. @throws CodedError `base64-malformed`
 */
export function parseBase64(text: string): Uint8Array {
  if (/^[A-Za-z0-9+/]*={0,2}$/.test(text) && text.length % 4 === 0) {
    const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0))
    if (encodeBase64(bytes) === text) return bytes
  }
  throw new CodedError<'base64-malformed'>('base64-malformed', 'not canonical base64')
}
