using Blackwall.Pipeline.Model;

namespace Blackwall.Pipeline.Ports;

/// <summary>What detection thinks of a source. Thread-safe.</summary>
public interface ISourceInsight
{
    /// <summary>Null: it is not known.</summary>
    SourceStanding? Describe(Address source);

    /// <summary>Some of the sources that are known, in the order of the query.</summary>
    IReadOnlyList<SourceRow> List(SourceQuery query);
}
