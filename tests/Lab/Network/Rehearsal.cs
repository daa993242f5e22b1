using System.Net;

namespace Blackwall.Lab.Network;

/// <summary>A host with a wire of its own to the server, past the wall.</summary>
/// <param name="Host">The stranger.</param>
/// <param name="ServerInterface">The server's end of the wire.</param>
/// <param name="Near4">The server's address on it, from which it speaks to the stranger.</param>
/// <param name="Near6">The same in IPv6.</param>
public sealed record Rehearsal(LabHost Host, string ServerInterface, IPAddress Near4, IPAddress Near6);
