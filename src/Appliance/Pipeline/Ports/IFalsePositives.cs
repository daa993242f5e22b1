using Blackwall.Pipeline.Model;

namespace Blackwall.Pipeline.Ports;

/// <summary>Remembers false positives. Thread-safe; survives a restart.</summary>
public interface IFalsePositives
{
    /// <summary>Whether every mark is on the disk.</summary>
    bool Stored { get; }

    /// <summary>Words of evidence that can be marked.</summary>
    IReadOnlyList<string> Kinds { get; }

    /// <summary>Null: nobody marked it, or that is over.</summary>
    FalsePositive? Find(Address source);

    /// <summary>Remembers it; another mark of the same address takes its place. False: there are too many already.</summary>
    bool Mark(FalsePositive mark);
}
