using System.Collections.Immutable;

namespace Blackwall.Tarpit.Files;

/// <summary>
/// The files of one visitor: a tree that he shares with everybody, and what he changed. Thread-safe. What he adds is bounded in bytes and entries;
/// beyond that the disk is full.
/// </summary>
internal sealed class FileSystem(FolderNode root, TimeProvider time, long mostBytes = 16 << 20, int mostEntries = 4096)
{
    private const int MostLinks = 40;

    // Folders within one another; a change walks down by recursion.
    private const int Deepest = 200;

    private readonly Lock _lock = new();
    private FolderNode _base = root;
    private FolderNode _root = root;
    private long _bytes;
    private int _entries;

    /// <summary>The tree as the visitor first finds it.</summary>
    public FolderNode Base => _base;

    /// <summary>The tree as it is.</summary>
    public FolderNode Root => Volatile.Read(ref _root);

    /// <summary>Counts changes.</summary>
    public long Version { get; private set; }

    /// <summary>Bytes that were written, less those that were removed again.</summary>
    public long Added => Interlocked.Read(ref _bytes);

    /// <summary>The absolute path without "." and ".." and doubled slashes; links are not followed.</summary>
    public static string Normalize(string path, string workingFolder)
    {
        List<string> parts = [];
        foreach (string part in (path.StartsWith('/') ? path : $"{workingFolder}/{path}").Split('/'))
        {
            if (part is "..")
            {
                if (parts.Count > 0)
                {
                    parts.RemoveAt(parts.Count - 1);
                }
            }
            else if (part is not ("" or "."))
            {
                parts.Add(part);
            }
        }

        return "/" + string.Join('/', parts);
    }

    /// <summary>What is at an absolute path.</summary>
    /// <param name="follow">Follow a link at its end too.</param>
    public Node? Find(string path, bool follow = true) => Resolve(path, follow, out _) is (_, { } node) ? node : null;

    /// <summary>The path behind all links, and what is there; null at the end of a chain that leads nowhere.</summary>
    public (string Path, Node? Node)? Resolve(string path, bool follow, out FileError error)
    {
        error = FileError.NotFound;
        List<string> parts = [.. path.Split('/', StringSplitOptions.RemoveEmptyEntries)];
        List<string> done = [];
        Node node = _root;
        int links = 0;
        for (int i = 0; i < parts.Count; i++)
        {
            if (node is not FolderNode folder)
            {
                error = FileError.NotFolder;
                return null;
            }

            if (!folder.Entries.TryGetValue(parts[i], out Node? next))
            {
                return i == parts.Count - 1 ? ("/" + string.Join('/', done.Append(parts[i])), null) : null;
            }

            if (next is LinkNode link && (follow || i < parts.Count - 1))
            {
                if (++links > MostLinks)
                {
                    error = FileError.TooManyLinks;
                    return null;
                }

                string target = Normalize(link.Target, "/" + string.Join('/', done));
                parts = [.. target.Split('/', StringSplitOptions.RemoveEmptyEntries), .. parts.Skip(i + 1)];
                (i, node) = (-1, _root);
                done.Clear();
                continue;
            }

            done.Add(parts[i]);
            node = next;
        }

        error = FileError.None;
        return ("/" + string.Join('/', done), node);
    }

    public FileError Read(string path, out byte[] content)
    {
        content = [];
        switch (Resolve(path, follow: true, out FileError error))
        {
            case (_, FileNode file):
                content = file.Content.Read();
                return FileError.None;
            case (_, FolderNode):
                return FileError.IsFolder;
            case (_, DeviceNode device):
                content = device.Read();
                return FileError.None;
            default:
                return error == FileError.None ? FileError.NotFound : error;
        }
    }

    /// <summary>Writes a file whole; one that is there keeps its owner and mode.</summary>
    public FileError Write(string path, byte[] content, int user, int group, int mode = 0x1A4)
    {
        if (Resolve(path, follow: true, out FileError error) is not { } place)
        {
            return error;
        }

        switch (place.Node)
        {
            case FolderNode:
                return FileError.IsFolder;
            case DeviceNode:
                return FileError.None;
            case FileNode { Content: KernelContent { IsWritable: true } kernel }:
                kernel.Write(content);
                return FileError.None;
            case FileNode { Content: KernelContent } or SocketNode:
                return FileError.NotPermitted;
            case { Flags.Length: > 0 } when !place.Node.Allows(content):
                return FileError.Protected;
            case FileNode { Content: LogContent log } file:
                return Put(place.Path, file with { Content = log.With(content, time.GetUtcNow()) });
        }

        FileNode written = place.Node is FileNode before
            ? before with { Content = new StoredContent(content), Modified = time.GetUtcNow() }
            : new FileNode { Content = new StoredContent(content), User = user, Group = group, Mode = mode, Modified = time.GetUtcNow() };
        return Put(place.Path, written);
    }

    public FileError MakeFolder(string path, int user, int group, int mode = 0x1ED)
    {
        if (Resolve(path, follow: true, out FileError error) is not { } place)
        {
            return error;
        }

        return place.Node is not null ? FileError.Exists : Put(place.Path, new FolderNode { User = user, Group = group, Mode = mode, Modified = time.GetUtcNow() });
    }

    /// <summary>Makes a node part of what is there from the start.</summary>
    public void Mount(string path, Node node)
    {
        lock (_lock)
        {
            if (Change(_root, path.Split('/', StringSplitOptions.RemoveEmptyEntries), node, isDated: false) is { } changed)
            {
                (_base, _root) = (changed, changed);
            }
        }
    }

    /// <summary>What chattr(1) does: nothing else changes a file that has such a flag.</summary>
    public FileError SetFlags(string path, string flags) => Resolve(path, follow: true, out _) is { Node: { } node } place ? PutAnyway(place.Path, node with { Flags = flags }) : FileError.NotFound;

    /// <summary>Puts a node at a path whose folder is there.</summary>
    public FileError Put(string path, Node node)
    {
        Node? before = Find(path, follow: false);
        if ((before is { Flags.Length: > 0 } && !(node is FileNode { Content: StoredContent next } && before.OnlyGrows() && before.Allows(next.Read()) && node.Mode == before.Mode)) || before.IsFixed() || (before is null && IsFixedFolder(path)))
        {
            return FileError.Protected;
        }

        if (before is null && KernelRefuses(path, node is FileNode) is { } refused)
        {
            return refused;
        }

        // A copy has no flags; what grows keeps them.
        return PutAnyway(path, node.Flags.Length > 0 || before is { Flags.Length: > 0 } ? node with { Flags = before?.Flags ?? "" } : node);
    }

    /// <summary>Nobody makes anything in what the kernel shows: why not; null: the path is elsewhere.</summary>
    public static FileError? KernelRefuses(string path, bool isFile) =>
        path.StartsWith("/proc/", StringComparison.Ordinal) ? FileError.NotFound
        : !path.StartsWith("/sys/", StringComparison.Ordinal) && !path.StartsWith("/dev/pts/", StringComparison.Ordinal) ? null
        : isFile ? FileError.NotPermitted : FileError.Protected;

    private bool IsFixedFolder(string path) => Find(path[..Math.Max(1, path.LastIndexOf('/'))]).IsFixed();

    private FileError PutAnyway(string path, Node node)
    {
        if (path.AsSpan().Count('/') > Deepest)
        {
            return FileError.Invalid;
        }

        lock (_lock)
        {
            long size = SizeOf(node);
            Node? before = Find(path, follow: false);
            long replaced = SizeOf(before);
            if (_bytes + size - replaced > mostBytes || (before is null && _entries >= mostEntries))
            {
                return FileError.NoSpace;
            }

            if (Change(_root, path.Split('/', StringSplitOptions.RemoveEmptyEntries), node) is not { } changed)
            {
                return FileError.NotFound;
            }

            _root = changed;
            _bytes = Math.Max(0, _bytes + size - replaced);
            _entries += before is null ? 1 : 0;
            Version++;
            return FileError.None;
        }
    }

    public FileError Remove(string path, bool recursive = false)
    {
        lock (_lock)
        {
            Node? node = Find(path, follow: false);
            if (node is null)
            {
                return FileError.NotFound;
            }

            if (node.Flags.Length > 0 || IsFixedFolder(path))
            {
                return FileError.Protected;
            }

            if (node is FolderNode { Entries.Count: > 0 } && !recursive)
            {
                return FileError.NotEmpty;
            }

            if (path is "/" || Change(_root, path.Split('/', StringSplitOptions.RemoveEmptyEntries), null) is not { } changed)
            {
                return FileError.NotPermitted;
            }

            _root = changed;
            _bytes = Math.Max(0, _bytes - SizeOf(node));
            _entries = Math.Max(0, _entries - 1);
            Version++;
            return FileError.None;
        }
    }

    private static long SizeOf(Node? node) => node switch
    {
        FileNode { Content: StoredContent content } => content.Size,
        FileNode { Content: LogContent log } => log.Kept.Length,
        _ => 0,
    };

    private FolderNode? Change(FolderNode folder, ReadOnlySpan<string> path, Node? node, bool isDated = true)
    {
        if (path.IsEmpty)
        {
            return node as FolderNode;
        }

        ImmutableSortedDictionary<string, Node> entries = folder.Entries;
        if (folder.IsLive)
        {
            return null;
        }

        if (path.Length == 1)
        {
            entries = node is null ? entries.Remove(path[0]) : entries.SetItem(path[0], node);
            return folder with { Entries = entries, Modified = isDated ? time.GetUtcNow() : folder.Modified };
        }

        return entries.TryGetValue(path[0], out Node? next) && next is FolderNode inner && Change(inner, path[1..], node, isDated) is { } changed
            ? folder with { Entries = entries.SetItem(path[0], changed) }
            : null;
    }
}
