using Blackwall.Fingerprints;

namespace Blackwall.Replay;

/// <summary>A TLS client of a capture.</summary>
/// <param name="Time">Nanoseconds since 1970, of the packet that completed its hello.</param>
/// <param name="Flow">From where to where.</param>
/// <param name="ServerName">Host name that it asks for; empty: none. From the wire: hostile.</param>
/// <param name="Ja4">Its fingerprint.</param>
/// <param name="IsRetry">The second hello of a flow; the first is the client's fingerprint.</param>
internal sealed record ReplayedHello(ulong Time, HelloFlow Flow, string ServerName, Ja4Forms Ja4, bool IsRetry);
