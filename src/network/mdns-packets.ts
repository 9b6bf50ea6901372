/**
 * mDNS packets are checked before dns-packet reads them, since anybody on the LAN can send one: its reader of texts goes
 * beyond a packet's end, loses its place, and then reads the packet from its beginning again for every record that the
 * header claims. So 40 bytes that claim 196,605 records took a tenth of a second, and some MiB.
 * Must be imported where multicast-dns is, which looks `decode` up at each packet.
 */
import dnsPacket from 'dns-packet';
import { MAX_MDNS_BYTES } from './constants.js';

// https://www.rfc-editor.org/rfc/rfc1035#section-4.1
const HEADER_BYTES = 12;
/** The root's name, type and class. */
const LEAST_QUESTION_BYTES = 5;
/** And time to live, length of the data. */
const LEAST_RECORD_BYTES = 11;

const { decode } = dnsPacket;

/** @throws RangeError for a packet that is larger than any, or claims more than it can hold */
function decodeChecked(packet: Buffer, offset = 0): ReturnType<typeof decode> {
  const length = packet.length - offset;
  if (length > MAX_MDNS_BYTES) throw new RangeError(`an mDNS packet has at most ${MAX_MDNS_BYTES} bytes`);
  if (length >= HEADER_BYTES) {
    const [questions, ...records] = [4, 6, 8, 10].map((at) => packet.readUInt16BE(offset + at)) as [number];
    const claimed =
      HEADER_BYTES +
      questions * LEAST_QUESTION_BYTES +
      records.reduce((sum, count) => sum + count, 0) * LEAST_RECORD_BYTES;
    if (claimed > length) throw new RangeError('an mDNS packet claims more than it can hold');
  }
  return decode(packet, offset);
}

Object.assign(dnsPacket, { decode: decodeChecked });
