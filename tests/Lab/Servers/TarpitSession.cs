using System.Net;
using System.Net.Sockets;

namespace Blackwall.Lab.Servers;

/// <summary>One flow that reached the tarpit.</summary>
/// <param name="Peer">Who it seems to come from; must be the true remote address.</param>
/// <param name="Received">What the peer sent first.</param>
public sealed record TarpitSession(ProtocolType Protocol, IPEndPoint Peer, string Received);
