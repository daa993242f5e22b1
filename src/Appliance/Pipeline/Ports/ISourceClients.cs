using Blackwall.Pipeline.Model;

namespace Blackwall.Pipeline.Ports;

/// <summary>What the clients of sources showed of themselves. Thread-safe.</summary>
public interface ISourceClients
{
    /// <summary>Newest first; empty: nothing is remembered.</summary>
    IReadOnlyList<SourceClient> Find(Address source);
}
