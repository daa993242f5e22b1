namespace Blackwall.Pipeline.Model;

/// <summary>
/// What a kind of owner is called, where it stands in the precedence, and what it may say. A new kind of owner is a member of <see cref="Origin"/>, whose
/// number the store keeps, and a line of <see cref="All"/>.
/// </summary>
internal sealed record OriginRules
{
    private static readonly OriginRules[] Table =
    [
        new() { Origin = Origin.Guard, Name = "guard", Label = "the guard", Rank = 0, MayAllow = true, IsStored = false },
        new() { Origin = Origin.Operator, Name = "operator", Label = "the operator", Rank = 2, AllowRank = 1, MayAllow = true },
        new() { Origin = Origin.Local, Name = "local", Label = "local detection", Rank = 3, NeedsProof = true, Widest4 = 24, Widest6 = 48 },
        new() { Origin = Origin.Model, Name = "model", Label = "a model", Rank = 4, Hardest = Verdict.RateLimit, Widest4 = 24, Widest6 = 48 },
        new() { Origin = Origin.Mesh, Name = "mesh", Label = "the mesh", Rank = 5, IsRemote = true, Widest4 = 8, Widest6 = 19 },
        new() { Origin = Origin.Feed, Name = "feed", Label = "a feed", Rank = 6, IsRemote = true, Widest4 = 8, Widest6 = 19 },
    ];

    /// <summary>All of them, by number.</summary>
    public static IReadOnlyList<OriginRules> All => Table;

    public required Origin Origin { get; init; }

    /// <summary>The word of API, console and command line.</summary>
    public required string Name { get; init; }

    /// <summary>As sentences name it.</summary>
    public required string Label { get; init; }

    /// <summary>Place in the precedence; smaller wins.</summary>
    public required byte Rank { get; init; }

    /// <summary>Place of what it allows; null: the same.</summary>
    public byte? AllowRank { get; init; }

    /// <summary>Whether it can let in; what is automatic can add to the block side only.</summary>
    public bool MayAllow { get; init; }

    /// <summary>The hardest verdict that it may ask for.</summary>
    public Verdict Hardest { get; init; } = Verdict.Drop;

    /// <summary>Whether anything harder than a limit needs evidence that nobody can forge.</summary>
    public bool NeedsProof { get; init; }

    /// <summary>Whether the owner is another machine (a feed, a sensor), which cannot know this site's private and reserved addresses.</summary>
    public bool IsRemote { get; init; }

    /// <summary>Bits of the widest prefix of IPv4 that it may name.</summary>
    public int Widest4 { get; init; }

    /// <summary>Of IPv6.</summary>
    public int Widest6 { get; init; }

    /// <summary>Whether its claims are kept; those of the guard are made anew by each process.</summary>
    public bool IsStored { get; init; } = true;

    public static OriginRules For(Origin origin) => Table[(int)origin];

    /// <summary>The origin whose claims have this rank; null: none.</summary>
    public static Origin? OfRank(byte rank) => All.FirstOrDefault(rules => rules.Rank == rank || rules.AllowRank == rank)?.Origin;

    /// <summary>Whether the store may hold claims of an origin of this number.</summary>
    public static bool IsStoredNumber(long number) => number >= 0 && number < Table.Length && Table[number].IsStored;
}
