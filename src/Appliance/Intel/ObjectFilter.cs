namespace Blackwall.Intel;

/// <summary>Which objects of a collection are asked for, in the order in which they were added.</summary>
internal sealed record ObjectFilter
{
    /// <summary>Added after this, microseconds since 1970.</summary>
    public long After { get; init; } = long.MinValue;

    /// <summary>Most objects, 1..1000.</summary>
    public int Limit { get; init; } = 100;

    /// <summary>Identifiers ("type--uuid"); null: any.</summary>
    public IReadOnlyList<(string Type, Guid Id)>? Ids { get; init; }

    /// <summary>Types; null: any.</summary>
    public IReadOnlyList<string>? Types { get; init; }

    /// <summary>The first version of each object.</summary>
    public bool First { get; init; }

    /// <summary>The last version of each object.</summary>
    public bool Last { get; init; } = true;

    /// <summary>Every version.</summary>
    public bool AllVersions { get; init; }

    /// <summary>Versions at these instants, microseconds since 1970.</summary>
    public IReadOnlyList<long> Versions { get; init; } = [];

    /// <summary>Nothing fits: an identifier or specification that there cannot be.</summary>
    public bool IsEmpty { get; init; }
}
