using Blackwall.Api.Contracts;
using Blackwall.Pipeline.Model;

namespace Blackwall.Sources;

/// <summary>Evidence that the operator called a false positive.</summary>
/// <param name="Kinds">Kinds that no longer count against the address.</param>
/// <param name="Marked">When that was said.</param>
/// <param name="Expiry">When it is forgotten.</param>
/// <param name="Actor">Who said it.</param>
/// <param name="Comment">For a person.</param>
public sealed record FalsePositiveBody(IReadOnlyList<string> Kinds, DateTimeOffset Marked, DateTimeOffset Expiry, string Actor, string? Comment) : IStorable
{
    /// <summary>Whether the change is on the disk; false: the disk refuses, and it is tried until it does not.</summary>
    public bool Stored { get; set; } = true;

    /// <summary>Whether the wall has let go of what was decided about the address; when not, it will as soon as it can.</summary>
    public bool Enforced { get; init; } = true;

    internal static FalsePositiveBody From(FalsePositive mark) => new(mark.Kinds, mark.Marked, mark.Expiry, mark.Actor, mark.Comment);
}
