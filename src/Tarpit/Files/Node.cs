using System.Collections.Immutable;

namespace Blackwall.Tarpit.Files;

/// <summary>One entry of a virtual file system. Immutable: a change makes a new tree that shares what did not change.</summary>
internal abstract record Node
{
    /// <summary>Permission bits, 0..07777.</summary>
    public int Mode { get; init; } = 0x1A4;

    public int User { get; init; }

    public int Group { get; init; }

    public DateTimeOffset Modified { get; init; }

    /// <summary>As <c>ls -l</c> writes it: d, l, c, b, s, p or -.</summary>
    public abstract char Letter { get; }
}

/// <summary>A directory.</summary>
internal sealed record FolderNode : Node
{
    public ImmutableSortedDictionary<string, Node> Entries { get; init; } = ImmutableSortedDictionary.Create<string, Node>(StringComparer.Ordinal);

    public override char Letter => 'd';
}

/// <summary>A file whose bytes are there, or are made when somebody reads them.</summary>
internal sealed record FileNode : Node
{
    public required IFileContent Content { get; init; }

    public override char Letter => '-';
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
    public override char Letter => 'c';
}
