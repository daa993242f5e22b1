using Blackwall.Pipeline.Model;

namespace Blackwall.Pipeline.Ports;

/// <summary>Names the indicator under which an address or prefix is shared, so that one thing has one name wherever it is told.</summary>
public interface IIndicatorNames
{
    /// <summary>"indicator--UUID"; null: it is not shared.</summary>
    /// <param name="scope">Of a decision or a piece of evidence.</param>
    /// <param name="hasEnded">What is told is the end of it.</param>
    string? NameOf(Prefix scope, bool hasEnded);
}
