using Blackwall.Pipeline.Model;

namespace Blackwall.Pipeline.Ports;

/// <summary>What models think of sources. Thread-safe.</summary>
public interface ISourceOpinions
{
    /// <summary>Newest first, one of each model; empty: none was asked, or it is forgotten.</summary>
    IReadOnlyList<SourceOpinion> Find(Address source);
}
