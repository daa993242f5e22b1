using System.Net;

namespace Blackwall.Tarpit.Detection;

/// <summary>How the front door judges.</summary>
internal sealed record FrontDoorSettings
{
    /// <summary>How long a peer may be silent at a port where clients speak first, before the port decides.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromMilliseconds(600);

    /// <summary>How long a peer may be silent at a port that is nobody's: whatever listens there waits, and a scanner that listens first sees an open port.</summary>
    public TimeSpan LongestSilence { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Proxies whose PROXY header is believed; of anybody else it is what a client says.</summary>
    public IReadOnlySet<IPAddress> ProxySources { get; init; } = new HashSet<IPAddress>();
}
