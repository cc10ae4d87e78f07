/**
 * The names of ETSI TS 102 657 (Retained data handover), in one place: one writer and one reader use this table.
 * Not validated against the schema, which could not be had: header and telephony records follow the published
 * text as importers read it, messages and national parameters the same text from memory. See `docs/lawful.md`.
 */
export const NAMESPACE = 'http://uri.etsi.org/02657/v1.28.1#/RetainedData'

export const E = {
  message: 'RetainedDataMessage',
  header: 'retainedDataHeader',
  requestId: 'requestID',
  countryCode: 'countryCode',
  organisation: 'authorisedOrganisationID',
  requestNumber: 'requestNumber',
  provider: 'cSPID',
  timeStamp: 'timeStamp',
  payload: 'retainedDataPayload',

  request: 'requestMessage',
  requestAcknowledgement: 'requestAcknowledgement',
  response: 'responseMessage',
  responseAcknowledgement: 'responseAcknowledgement',
  error: 'errorMessage',
  cancel: 'cancelMessage',
  cancelAcknowledgement: 'cancelAcknowledgement',
  getStatus: 'getStatusMessage',
  status: 'statusMessage',
  getResults: 'getResultsMessage',

  priority: 'requestPriority',
  parameters: 'requestParameters',
  equals: 'equals',
  national: 'nationalRequestParameters',
  suggestedTime: 'suggestedCompletionTime',
  errorInformation: 'errorInformation',
  errorCode: 'code',
  errorPlace: 'place',
  errorRule: 'rule',
  requestStatus: 'requestStatus',
  responseNumber: 'responseNumber',
  responseStatus: 'responseStatus',
  responsePayload: 'responsePayload',
  nationalResponse: 'nationalResponsePayload',

  record: 'ResponseRecord',
  recordNumber: 'recordNumber',
  recordPayload: 'recordPayload',
  telephony: 'telephonyRecord',
  usage: 'telephonyServiceUsage',
  subscriber: 'telephonySubscriber',
  party: 'partyInformation',
  telephonyParty: 'TelephonyPartyInformation',
  partyRole: 'partyRole',
  partyNumber: 'partyNumber',
  communicationTime: 'communicationTime',
  startTime: 'startTime',
  endTime: 'endTime',
  durationTime: 'durationTime',
  communicationType: 'communicationType',
  endReason: 'endReason',
  location: 'detailedLocation',
  cell: 'cellInformation',
  additional: 'additionalInformation',
  otherInformation: 'otherInformation',
  individual: 'individualInfo',
  name: 'name',
  timeSpan: 'timeSpan',
} as const

/** The messages an authority sends. */
export const INCOMING = [E.request, E.cancel, E.getStatus, E.getResults, E.responseAcknowledgement] as const

/** `responseStatus`: what came of a request. */
export const RESPONSE_STATUS = {
  complete: 'responseComplete',
  incomplete: 'responseIncomplete',
  unavailable: 'responseUnavailable',
  failed: 'responseFailed',
} as const
