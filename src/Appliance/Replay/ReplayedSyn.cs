using Blackwall.Fingerprints;

namespace Blackwall.Replay;

/// <summary>A TCP client of a capture.</summary>
/// <param name="Time">Nanoseconds since 1970, of its SYN.</param>
/// <param name="Flow">From where to where.</param>
/// <param name="Print">What its SYN looks like; see <see cref="SynPrint"/>.</param>
/// <param name="Distance">Hops from it to where the capture was taken, as far as they can be guessed.</param>
internal sealed record ReplayedSyn(ulong Time, HelloFlow Flow, string Print, int Distance);
