using System.Net;
using Blackwall.Tarpit.Detection;

namespace Blackwall.Tarpit.Shell.Connections;

/// <summary>An attempt to connect, and how it ended.</summary>
/// <param name="Address">Null: the name has none.</param>
/// <param name="Waited">What it took on a real machine.</param>
/// <param name="Stream">The connection, if it stands.</param>
internal sealed record Attempt(Reach Reach, IPAddress? Address, TimeSpan Waited, WireStream? Stream = null)
{
    /// <summary>As strerror(3) tells it.</summary>
    public string Error => Reach switch
    {
        Reach.Refused => "Connection refused",
        Reach.NoRoute => "No route to host",
        Reach.TimedOut => "Connection timed out",
        Reach.UnknownName => "Temporary failure in name resolution",
        _ => "Success",
    };
}
