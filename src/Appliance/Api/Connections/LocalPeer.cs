namespace Blackwall.Api.Connections;

/// <summary>Who is at the other end of the local socket, by the kernel's word: root, the user that the appliance runs as, or a member of its group.</summary>
/// <param name="UserId">Their user id.</param>
internal sealed record LocalPeer(uint UserId);
