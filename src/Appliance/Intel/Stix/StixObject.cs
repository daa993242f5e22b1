namespace Blackwall.Intel.Stix;

/// <summary>A version of an object as it is served.</summary>
/// <param name="Type">"indicator".</param>
/// <param name="Id">The UUID of its identifier.</param>
/// <param name="Modified">Microseconds since 1970; 0: its kind has no versions, and the first one stays.</param>
/// <param name="Version">How the object spells it; empty: it has none.</param>
/// <param name="Body">JSON in UTF-8 on one line.</param>
internal sealed record StixObject(string Type, Guid Id, long Modified, string Version, ReadOnlyMemory<byte> Body)
{
    /// <summary>It is never forgotten to make room: everything else refers to it.</summary>
    public bool IsPinned { get; init; }
}
