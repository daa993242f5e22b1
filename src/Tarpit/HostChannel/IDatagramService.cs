using System.Net;

namespace Blackwall.Tarpit.HostChannel;

/// <summary>Answers single datagrams. The host received them, and the host sends the answers.</summary>
internal interface IDatagramService
{
    /// <summary>The answer; null: none.</summary>
    /// <param name="asker">Where it says to come from: anybody can forge that.</param>
    byte[]? Answer(ReadOnlySpan<byte> payload, IPEndPoint asker, IPEndPoint asked);
}
