using Blackwall.Kernel.Abi;
using Blackwall.Kernel.Links;
using Microsoft.Win32.SafeHandles;

namespace Blackwall.Kernel.Loading;

/// <summary>How to load the kernel programs.</summary>
internal sealed record LoadOptions
{
    /// <summary>Folder of the compiled objects.</summary>
    public string ObjectFolder { get; init; } = Path.Combine(AppContext.BaseDirectory, "bpf");

    /// <summary>Time is what CLOCK says: for tests and replays.</summary>
    public bool VirtualClock { get; init; }

    /// <summary>Key of the challenges; null: a random one. A replay takes a known one, so that the same packets meet the same numbers.</summary>
    public (ulong First, ulong Second)? ChallengeKey { get; init; }

    /// <summary>What stands before the IP header on the interface.</summary>
    public LinkLayer LinkLayer { get; init; }

    /// <summary>Which TCP checksums count as right.</summary>
    public Checksums Checksums { get; init; }

    /// <summary>How challenges leave.</summary>
    public Answers Answers { get; init; }

    public IReadOnlyDictionary<string, uint> TableSizes { get; init; } = new Dictionary<string, uint>(StringComparer.Ordinal);

    /// <summary>Whether other interfaces are guarded too.</summary>
    public bool HasOtherGates { get; init; }

    /// <summary>Programs of another interface, whose maps and challenge key these use too; null: they have their own.</summary>
    public KernelPrograms? Shared { get; init; }

    /// <summary>Maps that are not shared.</summary>
    public IReadOnlyList<string> OwnMaps { get; init; } = [];

    /// <summary>Gives an existing map of this name, or null: how a restart takes over state.</summary>
    public Func<string, SafeFileHandle?> Existing { get; init; } = _ => null;

    public string LogFolder { get; init; } = "/tmp";
}
