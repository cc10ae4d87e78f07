"""Makes the sample files of this folder that begin with `pycrate-`.

Made with pycrate (PyPI, 0.8.1), an encoder that is not ours, from its compiled modules of 3GPP TS 32.298 and GSMA
TD.57: these files are labelled as made, and no switch wrote them. Nothing of this runs in the tests; the files are
committed. To make them again:

    python3 -m venv v && v/bin/pip install pycrate && v/bin/python test/calls/vectors/make_3gpp.py
"""
import gzip
import os
import struct

from pycrate_asn1dir import CDR, TAP3

HERE = os.path.dirname(os.path.abspath(__file__))
CS = CDR.CSChargingDataTypes.CSRecord
PS = CDR.GPRSChargingDataTypes.GPRSRecord
TAP = TAP3.TAP_0312.DataInterChange

THIRI = '959791000001'
KHIN = '959791000002'
ABROAD = '66812345678'


def tbcd(digits):
    digits = digits + ('f' if len(digits) % 2 else '')
    return bytes(int(digits[i + 1] + digits[i], 16) for i in range(0, len(digits), 2))


def bcd(digits):
    digits = digits + ('f' if len(digits) % 2 else '')
    return bytes.fromhex(digits)


def msisdn(digits, nature=1):
    return bytes([0x80 | nature << 4 | 1]) + tbcd(digits)


def party(digits, kind=1, restricted=None):
    if restricted is None:
        return bytes([0x80 | kind << 4 | 1]) + tbcd(digits)
    return bytes([kind << 4 | 1, 0x80 | (0x20 if restricted else 0)]) + tbcd(digits)


def seven_bit(text):
    bits = sum(ord(c) << 7 * i for i, c in enumerate(text))
    return bits.to_bytes((7 * len(text) + 7) // 8, 'little')


def stamp(text, offset='+0630'):
    return bytes.fromhex(text) + offset[0].encode() + bytes.fromhex(offset[1:])


MSC = msisdn('9597900001')
CELL = {'locationAreaCode': b'\x04\xb1', 'cellId': b'\x9d\xe1'}


def mo(called, **more):
    value = {
        'recordType': 0, 'servedIMSI': tbcd('414050000000001'), 'servedMSISDN': msisdn(THIRI),
        'calledNumber': called, 'recordingEntity': MSC, 'location': CELL,
        'seizureTime': stamp('260901190150'), 'answerTime': stamp('260901190200'),
        'releaseTime': stamp('260901191002'), 'callDuration': 482, 'causeForTerm': 0,
        'callReference': b'\x01\x02\x03', 'msClassmark': b'\x33\x19\x81',
    }
    value.update(more)
    return CS, ('moCallRecord', {k: v for k, v in value.items() if v is not None})


def mt(calling, **more):
    value = {
        'recordType': 1, 'servedIMSI': tbcd('414050000000002'), 'servedMSISDN': party(KHIN),
        'callingNumber': calling, 'recordingEntity': MSC, 'location': CELL,
        'answerTime': stamp('260901190200'), 'callDuration': 482, 'causeForTerm': 0,
        'callReference': b'\x01\x02\x03',
    }
    value.update(more)
    return CS, ('mtCallRecord', {k: v for k, v in value.items() if v is not None})


def gateway(name, kind, sequence, opened, up, down, **more):
    value = {
        'recordType': kind, 'servedIMSI': tbcd('414050000000001'), 'servedMSISDN': msisdn(THIRI),
        'chargingID': 77001, 'recordOpeningTime': stamp(opened), 'duration': 1800,
        'causeForRecClosing': 17, 'recordSequenceNumber': sequence,
        'servingNodeAddress': [('iPBinaryAddress', ('iPBinV4Address', b'\x0a\x01\x01\x01'))],
        'chargingCharacteristics': b'\x08\x00', 'servingNodeType': ['mME'],
        'accessPointNameNI': 'internet',
    }
    value.update(more)
    return PS, (name, value)


def volumes(up, down):
    return [
        {'dataVolumeGPRSUplink': up // 2, 'dataVolumeGPRSDownlink': down // 2, 'changeCondition': 'tariffTime',
         'changeTime': stamp('260901120000')},
        {'dataVolumeGPRSUplink': up - up // 2, 'dataVolumeGPRSDownlink': down - down // 2,
         'changeCondition': 'recordClosure', 'changeTime': stamp('260901123000')},
    ]


ADDRESS = ('iPBinaryAddress', ('iPBinV4Address', b'\x0a\x02\x02\x02'))
RECORDS = [
    # 0: a call on our own network, and 1: its other leg
    mo(party(KHIN)),
    mt(party(THIRI)),
    # 2: a short code, dialled as unknown; 3: nobody answered
    mo(party('1331', kind=0), callReference=b'\x01\x02\x04'),
    mo(party('09791000002', kind=0), callReference=b'\x01\x02\x05', answerTime=None, causeForTerm=3, callDuration=9),
    # 4: a caller that the network knows and that hides its number; 5: one without any number
    mt(party(ABROAD, restricted=True), callReference=b'\x01\x02\x06'),
    mt(None, callReference=b'\x01\x02\x07'),
    # 6, 7, 8: a long call in three parts, the last one abroad's time zone
    mo(party(ABROAD), callReference=b'\x01\x02\x08', answerTime=stamp('260902080000'), callDuration=1800,
       causeForTerm=1, sequenceNumber=1, partialRecordType='timeLimit'),
    mo(party(ABROAD), callReference=b'\x01\x02\x08', answerTime=stamp('260902083000'), callDuration=1800,
       causeForTerm=1, sequenceNumber=2, partialRecordType='timeLimit'),
    mo(party(ABROAD), callReference=b'\x01\x02\x08', answerTime=stamp('260902043000', '+0200'), callDuration=125,
       causeForTerm=0, sequenceNumber=3),
    # 9: a forwarded call, which the forwarder pays for; 10: one that hid its number
    mo(party('9791000003', kind=2), callReference=b'\x01\x02\x09',
       supplServicesUsed=[{'ssCode': b'\x21', 'ssTime': stamp('260901190200')}]),
    mo(party(ABROAD), callReference=b'\x01\x02\x0a',
       supplServicesUsed=[{'ssCode': b'\x12', 'ssTime': stamp('260901190200')}]),
    # 11, 12: a text sent and one received
    (CS, ('moSMSRecord', {
        'recordType': 6, 'servedIMSI': tbcd('414050000000001'), 'servedMSISDN': msisdn(THIRI),
        'msClassmark': b'\x33', 'serviceCentre': msisdn('959790009'), 'recordingEntity': MSC,
        'location': CELL, 'messageReference': b'\x2a', 'originationTime': stamp('260901200000'),
        'destinationNumber': bytes([len(KHIN), 0x91]) + tbcd(KHIN)})),
    (CS, ('mtSMSRecord', {
        'recordType': 7, 'serviceCentre': msisdn('959790009'), 'servedIMSI': tbcd('414050000000002'),
        'servedMSISDN': msisdn(KHIN), 'msClassmark': b'\x33', 'recordingEntity': MSC,
        'deliveryTime': stamp('260901200004')})),
    # 13: a gateway's leg, passed over
    (CS, ('outGatewayRecord', {
        'recordType': 4, 'calledNumber': party(ABROAD), 'recordingEntity': MSC, 'callDuration': 482,
        'causeForTerm': 0, 'callReference': b'\x01\x02\x03'})),
    # 14, 15: a session at the PGW, by traffic volumes and by service data; 16: at the SGW; 17: at an SGSN
    gateway('pGWRecord', 85, 1, '260901113000', 0, 0, **{'p-GWAddress': ADDRESS},
            listOfTrafficVolumes=volumes(1_000_001, 50_000_000)),
    gateway('pGWRecord', 85, 2, '260901120000', 0, 0, **{'p-GWAddress': ADDRESS}, listOfServiceData=[
        {'ratingGroup': 1, 'serviceConditionChange': (1 << 19, 38), 'datavolumeFBCUplink': 10,
         'datavolumeFBCDownlink': 3_000_000_000, 'timeOfReport': stamp('260901123000')},
        {'ratingGroup': 2, 'serviceConditionChange': (1 << 19, 38), 'datavolumeFBCUplink': 5,
         'datavolumeFBCDownlink': 7, 'timeOfReport': stamp('260901123000')}],
        userLocationInformation=bytes.fromhex('82' + '14f450' + '1f40' + '14f450' + '00a1b2c3')),
    gateway('sGWRecord', 84, 1, '260901113000', 0, 0, **{'s-GWAddress': ADDRESS, 'p-GWAddressUsed': ADDRESS},
            listOfTrafficVolumes=volumes(1_000_001, 50_000_000)),
    (PS, ('sgsnPDPRecord', {
        'recordType': 18, 'servedIMSI': tbcd('414050000000001'), 'servedMSISDN': msisdn(THIRI),
        'sgsnAddress': ADDRESS, 'chargingID': 77002, 'ggsnAddressUsed': ADDRESS,
        'listOfTrafficVolumes': volumes(100, 200), 'recordOpeningTime': stamp('260901130000'), 'duration': 60,
        'causeForRecClosing': 0, 'accessPointNameNI': 'internet', 'chargingCharacteristics': b'\x08\x00'})),
    # 18, 19: texts over an SGSN
    (PS, ('sgsnSMORecord', {
        'recordType': 21, 'servedIMSI': tbcd('414050000000001'), 'servedMSISDN': msisdn(THIRI),
        'messageReference': b'\x07', 'eventTimeStamp': stamp('260901210000'), 'chargingCharacteristics': b'\x08\x00',
        'servingNodeType': 'sGSN',
        'destinationNumber': bytes([11, 0xd0]) + seven_bit('KBZPay')})),
    (PS, ('sgsnSMTRecord', {
        'recordType': 22, 'servedIMSI': tbcd('414050000000002'), 'servedMSISDN': msisdn(KHIN),
        'eventTimeStamp': stamp('260901210004'), 'chargingCharacteristics': b'\x08\x00', 'servingNodeType': 'sGSN',
        'originatingAddress': msisdn(THIRI)})),
    # 20: a subscriber known by IMSI only
    mo(party(KHIN), callReference=b'\x01\x02\x0b', servedMSISDN=None),
]


def encode(record):
    codec, value = record
    codec.set_val(value)
    return codec.to_ber()


def indefinite(element):
    """The same element with an indefinite length: ours, around what pycrate made."""
    head = 2 if element[0] & 0x1f == 0x1f else 1
    first = element[head]
    skip = 1 + (first & 0x7f if first & 0x80 else 0)
    return element[:head] + b'\x80' + element[head + skip:] + b'\x00\x00'


def header_32297(records, release_extension):
    body = b''
    for record in records:
        if release_extension:
            body += struct.pack('>HBBB', len(record), 7 << 5 | 3, 1 << 5 | 6, 16 - 10) + record
        else:
            body += struct.pack('>HBB', len(record), 4 << 5 | 2, 1 << 5 | 6) + record
    tail = struct.pack('>IIB', len(records), 1, 0) + b'\xff' * 4 + b'\x00' * 16 + b'\x00' + b'\x00\x00' + b'\x00\x00'
    release = bytes([7 << 5 | 3, 7 << 5 | 3]) if release_extension else bytes([4 << 5 | 2, 4 << 5 | 2])
    extra = b'\x06\x06' if release_extension else b''
    length = 8 + 2 + 8 + len(tail) + len(extra)
    head = struct.pack('>II', length + len(body), length) + release + b'\x98\x4c\xd9\xa0' * 2 + tail + extra
    return head + body


def write(name, data):
    with open(os.path.join(HERE, name), 'wb') as file:
        file.write(data)


encoded = [encode(record) for record in RECORDS]
bare = b''.join(encoded)
write('pycrate-32298.ber', bare)
write('pycrate-32298-padded.ber', b''.join(r + b'\xff' * (-len(r) % 256) for r in encoded) + b'\x00' * 512)
write('pycrate-32298-indefinite.ber', b''.join(indefinite(r) for r in encoded))
write('pycrate-32297-release7.dat', header_32297(encoded, False))
write('pycrate-32297-release16.dat', header_32297(encoded, True))
write('pycrate-32298.ber.gz', gzip.compress(bare, mtime=0))

IMSI = bcd('414050000000001')


def subscriber():
    return ('simChargeableSubscriber', {'imsi': IMSI, 'msisdn': bcd(THIRI)})


def services(code, charge):
    return [{'basicService': {'serviceCode': ('teleServiceCode', code)},
             'chargingTimeStamp': {'localTimeStamp': b'20260901100000', 'utcTimeOffsetCode': 0},
             'chargeInformationList': [{'chargedItem': b'D', 'exchangeRateCode': 0, 'chargeDetailList': [
                 {'chargeType': b'00', 'charge': charge, 'chargeableUnits': 61, 'chargedUnits': 61},
                 {'chargeType': b'01', 'charge': 9_999_999}]}]}]


LOCATION = {'networkLocation': {'recEntityCode': 0, 'callReference': b'\x0a\x0b', 'locationArea': 1201, 'cellId': 40417}}
TAP.set_val(('transferBatch', {
    'batchControlInfo': {'sender': b'THADT', 'recipient': b'MMRAY', 'fileSequenceNumber': b'00001',
                         'specificationVersionNumber': 3, 'releaseVersionNumber': 12},
    'accountingInfo': {'localCurrency': b'THB', 'tapCurrency': b'XDR', 'tapDecimalPlaces': 5,
                       'currencyConversionInfo': [{'exchangeRateCode': 0, 'numberOfDecimalPlaces': 2,
                                                   'exchangeRate': 4512}]},
    'networkInfo': {'utcTimeOffsetInfo': [{'utcTimeOffsetCode': 0, 'utcTimeOffset': b'+0700'}],
                    'recEntityInfo': [{'recEntityCode': 0, 'recEntityType': 1, 'recEntityId': b'66812000001'}]},
    'callEventDetails': [
        ('mobileOriginatedCall', {
            'basicCallInformation': {
                'chargeableSubscriber': subscriber(),
                'destination': {'calledNumber': bcd(KHIN), 'dialledDigits': b'+' + KHIN.encode()},
                'callEventStartTimeStamp': {'localTimeStamp': b'20260901100000', 'utcTimeOffsetCode': 0},
                'totalCallEventDuration': 61, 'causeForTerm': 0},
            'locationInformation': LOCATION, 'basicServiceUsedList': services(b'11', 123_456)}),
        ('mobileTerminatedCall', {
            'basicCallInformation': {
                'chargeableSubscriber': subscriber(),
                'callOriginator': {'callingNumber': bcd(ABROAD), 'clirIndicator': 1},
                'callEventStartTimeStamp': {'localTimeStamp': b'20260901110000', 'utcTimeOffsetCode': 0},
                'totalCallEventDuration': 30, 'causeForTerm': 0},
            'locationInformation': LOCATION, 'basicServiceUsedList': services(b'11', 0)}),
        ('mobileOriginatedCall', {
            'basicCallInformation': {
                'chargeableSubscriber': subscriber(),
                'destination': {'sMSDestinationNumber': KHIN.encode()},
                'callEventStartTimeStamp': {'localTimeStamp': b'20260901120000', 'utcTimeOffsetCode': 0},
                'totalCallEventDuration': 0, 'causeForTerm': 0},
            'locationInformation': LOCATION, 'basicServiceUsedList': services(b'22', 4_500)}),
        ('gprsCall', {
            'gprsBasicCallInformation': {
                'gprsChargeableSubscriber': {'chargeableSubscriber': subscriber()},
                'gprsDestination': {'accessPointNameNI': b'internet'},
                'callEventStartTimeStamp': {'localTimeStamp': b'20260901130000', 'utcTimeOffsetCode': 0},
                'totalCallEventDuration': 600, 'causeForTerm': 0, 'chargingId': 991},
            'gprsLocationInformation': {'gprsNetworkLocation': {'recEntity': [0], 'locationArea': 1201, 'cellId': 7}},
            'gprsServiceUsed': {'dataVolumeIncoming': 4_000_000, 'dataVolumeOutgoing': 96,
                                'chargeInformationList': [{'chargedItem': b'X', 'exchangeRateCode': 0,
                                                           'chargeDetailList': [{'chargeType': b'00',
                                                                                 'charge': 55_550}]}]}}),
    ],
    'auditControlInfo': {'totalCharge': 183_506, 'callEventDetailsCount': 4},
}))
tap = TAP.to_ber()
write('pycrate-tap-0312.ber', tap)
write('pycrate-tap-0312-indefinite.ber', indefinite(tap))
