using System.Collections.Immutable;

namespace Blackwall.Tarpit.Files;

/// <summary>One entry of a virtual file system. Immutable: a change makes a new tree that shares what did not change.</summary>
internal abstract record Node
{
    /// <summary>Permission bits, 0..07777.</summary>
    public int Mode { get; init; } = 0x1A4;

    /// <summary>What chattr(1) set: "i" and "a" are heeded.</summary>
    public string Flags { get; init; } = "";

    public int User { get; init; }

    public int Group { get; init; }

    public virtual DateTimeOffset Modified { get; init; }

    /// <summary>As <c>ls -l</c> writes it: d, l, c, b, s, p or -.</summary>
    public abstract char Letter { get; }
}

/// <summary>A directory. What is in it may be made when somebody looks; below /proc each time anew.</summary>
internal sealed record FolderNode : Node
{
    private static readonly Lazy<ImmutableSortedDictionary<string, Node>> s_empty = new(ImmutableSortedDictionary.Create<string, Node>(StringComparer.Ordinal));

    // Copies share what was made.
    private readonly Lazy<ImmutableSortedDictionary<string, Node>> _entries = s_empty;
    private readonly Func<ImmutableSortedDictionary<string, Node>>? _live;

    public ImmutableSortedDictionary<string, Node> Entries
    {
        get => _live?.Invoke() ?? _entries.Value;
        init => (_entries, _live) = (new Lazy<ImmutableSortedDictionary<string, Node>>(value), null);
    }

    /// <summary>It shows what is so at the moment: nobody can change what is in it.</summary>
    public bool IsLive => _live is not null;

    public override char Letter => 'd';

    public FolderNode()
    {
    }

    private FolderNode(Func<ImmutableSortedDictionary<string, Node>> make, bool isLive = false) =>
        (_entries, _live) = isLive ? (s_empty, make) : (new Lazy<ImmutableSortedDictionary<string, Node>>(make), null);

    /// <summary>A folder whose entries are made when they are first looked at.</summary>
    public static FolderNode Made(Func<ImmutableSortedDictionary<string, Node>> make) => new(make);

    /// <summary>A folder whose entries are made each time.</summary>
    public static FolderNode Live(Func<ImmutableSortedDictionary<string, Node>> make) => new(make, isLive: true);
}

/// <summary>A file whose bytes are there, or are made when somebody reads them.</summary>
internal sealed record FileNode : Node
{
    public required IFileContent Content { get; init; }

    public override DateTimeOffset Modified
    {
        get => Content is LogContent log ? log.Changed : base.Modified;
        init => base.Modified = value;
    }

    public override char Letter => '-';
}

/// <summary>A named pipe.</summary>
internal sealed record PipeNode : Node
{
    public override char Letter => 'p';
}

/// <summary>A symbolic link.</summary>
internal sealed record LinkNode(string Target) : Node
{
    public override char Letter => 'l';
}

/// <summary>A Unix socket that nobody serves.</summary>
internal sealed record SocketNode : Node
{
    public override char Letter => 's';
}

/// <summary>A device: /dev/null and the like.</summary>
internal sealed record DeviceNode(int Major, int Minor) : Node
{
    private const int Memory = 1, Zero = 5, Random = 8, Urandom = 9, BlockSize = 64 * 1024;

    public bool IsBlock { get; init; }

    /// <summary>Whoever reads it never comes to an end.</summary>
    public bool IsEndless => !IsBlock && Major == Memory && Minor is Zero or Random or Urandom;

    public override char Letter => IsBlock ? 'b' : 'c';

    /// <summary>The next bytes of it; none: it has none.</summary>
    public byte[] Read() => !IsEndless ? [] : Minor == Zero ? new byte[BlockSize] : System.Security.Cryptography.RandomNumberGenerator.GetBytes(BlockSize);
}
