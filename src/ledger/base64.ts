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
    const binary = atob(text)
    if (btoa(binary) === text) return bytesOf(binary)
  }
  throw new CodedError<'base64-malformed'>('base64-malformed', 'not canonical base64')
}

/** By hand: a proof is hundreds of short ones, and a call for each character costs a phone more than all else in them. */
function bytesOf(binary: string): Uint8Array {
  const bytes = new Uint8Array(binary.length)
  for (let i = 0; i < binary.length; i += 1) bytes[i] = binary.charCodeAt(i)
  return bytes
}
