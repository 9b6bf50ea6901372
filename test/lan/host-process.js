// Holds a host's namespace open, and lets the test in: whoever connects to the UNIX socket names a port in the first
// line, and is connected with that port of the host's loopback address.
import { connect, createServer } from 'node:net';

const socketFile = process.argv[2];

createServer((client) => {
  let head = Buffer.alloc(0);
  const onData = (chunk) => {
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf('\n');
    if (end < 0) return;
    client.off('data', onData);
    client.pause();
    const server = connect(Number(head.subarray(0, end)), '127.0.0.1');
    server.write(head.subarray(end + 1));
    client.pipe(server).pipe(client);
    server.on('error', () => client.destroy());
    client.on('close', () => server.destroy());
    // What the server has said before it went is still on its way to the client, who may take it slowly.
    server.on('close', () => client.end());
  };
  client.on('data', onData);
  client.on('error', () => client.destroy());
}).listen(socketFile, () => console.log('ready'));
