namespace Blackwall.Api.Connections;

/// <summary>Who is at the other end of the local socket, by the kernel's word: root, or the user that the appliance runs as.</summary>
/// <param name="UserId">Their user id.</param>
internal sealed record LocalPeer(uint UserId);
