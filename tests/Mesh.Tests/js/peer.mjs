// A js-libp2p peer that the tests steer: JSON lines out (events and answers), JSON lines in (commands).
import { createInterface } from 'node:readline'
import { generateKeyPair } from '@libp2p/crypto/keys'
import { gossipsub } from '@libp2p/gossipsub'
import { identify, identifyPush } from '@libp2p/identify'
import { kadDHT, passthroughMapper } from '@libp2p/kad-dht'
import { mdns } from '@libp2p/mdns'
import { noise } from '@libp2p/noise'
import { peerIdFromString } from '@libp2p/peer-id'
import { ping } from '@libp2p/ping'
import { preSharedKey } from '@libp2p/pnet'
import { tcp } from '@libp2p/tcp'
import { yamux } from '@libp2p/yamux'
import { multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'
import { createHash } from 'node:crypto'

const options = { listen: '/ip4/127.0.0.1/tcp/0', keyType: 'Ed25519', messageId: 'sha256', ...JSON.parse(process.argv[2] ?? '{}') }
const tell = (event) => process.stdout.write(JSON.stringify(event) + '\n')

const sha256Id = (message) => createHash('sha256').update(message.topic).update(Buffer.from([0])).update(message.data).digest().subarray(0, 20)
const specId = (message) => {
  const seqno = Buffer.alloc(8)
  seqno.writeBigUInt64BE(message.sequenceNumber)
  return Buffer.concat([message.from.toMultihash().bytes, seqno])
}

const services = { identify: identify(), identifyPush: identifyPush(), ping: ping() }
if (options.gossip) {
  services.pubsub = gossipsub({
    allowPublishToZeroTopicPeers: true,
    emitSelf: false,
    msgIdFn: options.messageId === 'spec' ? specId : sha256Id,
    scoreParams: { IPColocationFactorWeight: 0 },
    ...options.gossip
  })
}

if (options.kad) {
  services.dht = kadDHT({ protocol: options.kad, clientMode: options.kadClient === true, peerInfoMapper: passthroughMapper, allowQueryWithZeroPeers: true })
}

const node = await createLibp2p({
  privateKey: await generateKeyPair(options.keyType, options.keyType === 'RSA' ? 2048 : undefined),
  addresses: { listen: options.listen === '' ? [] : [].concat(options.listen) },
  transports: [tcp()],
  connectionEncrypters: [noise()],
  streamMuxers: [yamux()],
  ...(options.swarmKey ? { connectionProtector: preSharedKey({ psk: new TextEncoder().encode(options.swarmKey.trim()) }) } : {}),
  peerDiscovery: options.mdns ? [mdns({ interval: 1000 })] : [],
  connectionManager: { maxIncomingPendingConnections: 1000, inboundConnectionThreshold: 1000, maxConnections: 20000, ...options.connectionManager },
  services
})

if (!options.quiet) node.addEventListener('connection:open', ({ detail }) => tell({ event: 'connection', peer: detail.remotePeer.toString(), address: detail.remoteAddr.toString(), direction: detail.direction }))
if (!options.quiet) node.addEventListener('connection:close', ({ detail }) => tell({ event: 'disconnection', peer: detail.remotePeer.toString() }))
if (!options.quiet) node.addEventListener('peer:identify', ({ detail }) => tell({
  event: 'identify',
  peer: detail.peerId.toString(),
  agent: detail.agentVersion,
  protocols: detail.protocols,
  addresses: detail.listenAddrs.map(String),
  observed: detail.observedAddr?.toString(),
  signed: detail.signedPeerRecord != null
}))
node.addEventListener('peer:discovery', ({ detail }) => tell({ event: 'discovery', peer: detail.id.toString(), addresses: detail.multiaddrs.map(String) }))
if (!options.quiet) node.addEventListener('peer:update', ({ detail }) => tell({ event: 'update', peer: detail.peer.id.toString(), protocols: detail.peer.protocols }))
let received = 0
let published = 0
if (options.gossip && options.quiet) {
  node.services.pubsub.addEventListener('gossipsub:message', () => { received++ })
}

if (options.gossip && !options.quiet) {
  node.services.pubsub.addEventListener('gossipsub:message', ({ detail: { msg, propagationSource, msgId } }) => tell({
    event: 'message', topic: msg.topic, from: msg.from?.toString(), via: propagationSource.toString(), id: msgId, data: Buffer.from(msg.data).toString('base64')
  }))
  for (const kind of ['graft', 'prune']) {
    node.services.pubsub.addEventListener(`gossipsub:${kind}`, ({ detail }) => tell({ event: kind, peer: detail.peerId, topic: detail.topic }))
  }
  node.services.pubsub.addEventListener('subscription-change', ({ detail }) => tell({
    event: 'subscription', peer: detail.peerId.toString(), topics: detail.subscriptions.filter(s => s.subscribe).map(s => s.topic)
  }))
}

// What comes is sent back; the sum is told when the other side closes its way.
await node.handle('/blackwall/echo/1.0.0', async (stream) => {
  for await (const chunk of stream) {
    if (!stream.send(chunk)) {
      await stream.onDrain()
    }
  }

  await stream.close()
}, { maxInboundStreams: 256 })

const collect = async (events) => {
  const found = []
  for await (const event of events) {
    if (event.name === 'FINAL_PEER') {
      found.push({ id: event.peer.id.toString(), addresses: event.peer.multiaddrs.map(String) })
    }
  }

  return found
}

const commands = {
  dial: async ({ address }) => ({ peer: (await node.dial(multiaddr(address))).remotePeer.toString() }),
  hangUp: async ({ peer }) => node.hangUp(peerIdFromString(peer)),
  ping: async ({ peer }) => ({ milliseconds: await node.services.ping.ping(peerIdFromString(peer)) }),
  echo: async ({ peer, bytes }) => {
    const stream = await node.dialProtocol(peerIdFromString(peer), '/blackwall/echo/1.0.0')
    const sent = createHash('sha256')
    const got = createHash('sha256')
    let received = 0
let published = 0
    const reading = (async () => {
      for await (const chunk of stream) {
        got.update(chunk.subarray())
        received += chunk.byteLength
      }
    })()
    for (let at = 0; at < bytes; at += 16384) {
      const part = Buffer.alloc(Math.min(16384, bytes - at), at & 0xff)
      sent.update(part)
      if (!stream.send(part)) {
        await stream.onDrain()
      }
    }

    await stream.close()
    await reading
    return { received, same: sent.digest('hex') === got.digest('hex') }
  },
  subscribe: async ({ topic }) => node.services.pubsub.subscribe(topic),
  unsubscribe: async ({ topic }) => node.services.pubsub.unsubscribe(topic),
  publish: async ({ topic, data, count }) => {
    let recipients = 0
    for (let i = 0; i < (count ?? 1); i++) {
      recipients = (await node.services.pubsub.publish(topic, Buffer.from(count ? `${data}${i}` : data))).recipients.length
    }

    return { recipients }
  },
  meshPeers: async ({ topic }) => ({ peers: node.services.pubsub.getMeshPeers(topic) }),
  subscribers: async ({ topic }) => ({ peers: node.services.pubsub.getSubscribers(topic).map(String) }),
  scores: async () => ({ scores: Object.fromEntries(node.services.pubsub.getPeers().map(p => [p.toString(), node.services.pubsub.getScore(p.toString())])) }),
  findPeer: async ({ peer }) => {
    const found = await node.peerRouting.findPeer(peerIdFromString(peer), { useCache: false })
    return { peer: found.id.toString(), addresses: found.multiaddrs.map(String) }
  },
  closest: async ({ peer }) => ({ peers: await collect(node.services.dht.getClosestPeers(peerIdFromString(peer).toMultihash().bytes)) }),
  dialMany: async ({ address, count }) => {
    const target = multiaddr(address)
    for (let i = 0; i < count; i++) {
      const identified = new Promise(resolve => node.addEventListener('peer:identify', resolve, { once: true }))
      const connection = await node.dial(target)
      await identified
      await connection.close()
    }
  },
  publishMany: async ({ topic, count, bytes, rate }) => {
    // The author is part of the payload: the same payload of two authors is one message where ids are hashes of it.
    const data = Buffer.alloc(bytes)
    data.write(node.peerId.toString(), 4)
    const begin = Date.now()
    for (let i = 0; i < count; i++) {
      while ((Date.now() - begin) / 1000 * rate < i) {
        await new Promise(resolve => setTimeout(resolve, 1))
      }

      data.writeUInt32BE(published++)
      await node.services.pubsub.publish(topic, Buffer.from(data))
    }
  },
  received: async () => ({ received }),
  usage: async () => ({ cpu: process.cpuUsage(), rss: process.memoryUsage().rss }),
  stop: async () => { await node.stop(); setImmediate(() => process.exit(0)) }
}

tell({ event: 'ready', peer: node.peerId.toString(), addresses: node.getMultiaddrs().map(String) })

createInterface({ input: process.stdin }).on('line', async (line) => {
  const { id, command, ...rest } = JSON.parse(line)
  try {
    tell({ event: 'answer', id, ...(await commands[command](rest)) })
  } catch (error) {
    tell({ event: 'answer', id, error: `${error.name}: ${error.message}` })
  }
}).on('close', () => process.exit(0))
