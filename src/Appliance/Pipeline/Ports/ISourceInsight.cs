using Blackwall.Pipeline.Model;

namespace Blackwall.Pipeline.Ports;

/// <summary>What detection thinks of a source. Thread-safe.</summary>
public interface ISourceInsight
{
    /// <summary>Null: it is not known.</summary>
    SourceStanding? Describe(Address source);
}
