using Blackwall.Pipeline.Model;

namespace Blackwall.Guard;

/// <summary>An address from which somebody administered this machine.</summary>
/// <param name="Address">The peer of the session.</param>
/// <param name="Way">"SSH", "login" or "API".</param>
/// <param name="LastSeenUnixMilliseconds">When the session was last seen.</param>
internal readonly record struct ManagementPeer(Address Address, string Way, long LastSeenUnixMilliseconds);
