using System.Collections.Immutable;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.World.Packages;

namespace Blackwall.Tarpit.World;

/// <summary>Collects files of the base tree. Those of packages are added to each folder when somebody looks into it, and give way to those that were put there.</summary>
internal sealed class TreeBuilder(Machine machine, PackageList packages)
{
    // What is larger would cost too much to read.
    private const int LargestFile = 8_000_000;

    private readonly Dictionary<string, SortedDictionary<string, Node>> _folders = new(StringComparer.Ordinal) { ["/"] = new(StringComparer.Ordinal) };
    private readonly Dictionary<string, (int Mode, int User, int Group)> _modes = new(StringComparer.Ordinal);
    private readonly HashSet<string> _withInner = new(StringComparer.Ordinal);

    public Machine Machine => machine;

    public DateTimeOffset When(string path) => machine.SetUp.AddSeconds(StableHash.Of(path) % (86_400 * 3));

    public void Folder(string path, int mode = 0x1ED, int user = 0, int group = 0)
    {
        _modes[path] = (mode, user, group);
        AddFolder(path);
    }

    public bool Has(string folder, string name) => _folders.TryGetValue(folder, out SortedDictionary<string, Node>? entries) && entries.ContainsKey(name);

    public void Put(string path, Node node)
    {
        int slash = path.LastIndexOf('/');
        string folder = slash == 0 ? "/" : path[..slash];
        AddFolder(folder);
        _folders[folder][path[(slash + 1)..]] = node with { Modified = node.Modified == default ? When(path) : node.Modified };
    }

    public void Text(string path, string text, int mode = 0x1A4, int user = 0, int group = 0, DateTimeOffset modified = default) =>
        Put(path, new FileNode { Content = new StoredContent(text), Mode = mode, User = user, Group = group, Modified = modified });

    public void Live(string path, Func<string> make, int mode = 0x124) => Put(path, new FileNode { Content = new KernelContent(make), Mode = mode, Modified = machine.BootTime });

    public void Link(string path, string target) => Put(path, new LinkNode(target) { Mode = 0x1FF });

    /// <summary>The folder with all that is below it.</summary>
    public FolderNode Finish(string path = "/")
    {
        (int mode, int user, int group) = _modes.GetValueOrDefault(path, (0x1ED, 0, 0));
        bool isLive = path.StartsWith("/proc", StringComparison.Ordinal) || path.StartsWith("/sys", StringComparison.Ordinal) || path.StartsWith("/run", StringComparison.Ordinal) || path is "/dev" || path.StartsWith("/tmp", StringComparison.Ordinal) || path.StartsWith("/var/tmp", StringComparison.Ordinal);
        return FolderNode.Made(() => Entries(path)) with { Mode = mode, User = user, Group = group, Modified = isLive ? machine.BootTime : When(path) };
    }

    private void AddFolder(string path)
    {
        for (; !_folders.ContainsKey(path); path = path[..Math.Max(1, path.LastIndexOf('/'))])
        {
            _folders[path] = new SortedDictionary<string, Node>(StringComparer.Ordinal);
            _withInner.Add(path[..Math.Max(1, path.LastIndexOf('/'))]);
        }
    }

    private ImmutableSortedDictionary<string, Node> Entries(string path)
    {
        ImmutableSortedDictionary<string, Node>.Builder entries = ImmutableSortedDictionary.CreateBuilder<string, Node>(StringComparer.Ordinal);
        bool isWebsite = path.StartsWith("/var/www", StringComparison.Ordinal);
        foreach ((PackagedFile file, Package? owner) in packages.FilesIn(path))
        {
            DateTimeOffset built = owner is null ? machine.SetUp.AddDays(1) : PackageList.Built(owner);
            int size = file.Size <= LargestFile ? file.Size : LargestFile - (file.Size % 1_000_000);
            entries[file.Name] = file.Target is { } target
                ? new LinkNode(target) { Mode = 0x1FF, Modified = built }
                : new FileNode
                {
                    Content = (file.Mode & 0x40) != 0 && !path.StartsWith("/etc", StringComparison.Ordinal) && !isWebsite ? new Binary(file.Name, size) : new PackagedContent(path, file.Name, size, PackageTexts.Make),
                    Mode = isWebsite ? 0x1A4 : file.Mode,
                    User = isWebsite ? WebFolder.WebUser : 0,
                    Group = isWebsite ? WebFolder.WebUser : 0,
                    Modified = built,
                };
        }

        string prefix = path is "/" ? "/" : path + "/";
        IEnumerable<string> inner = packages.FoldersIn(path);
        if (_withInner.Contains(path))
        {
            inner = inner.Concat(_folders.Keys.Where(key => key.Length > prefix.Length && key.StartsWith(prefix, StringComparison.Ordinal) && key.IndexOf('/', prefix.Length) < 0).Select(key => key[prefix.Length..]));
        }

        foreach (string name in inner)
        {
            entries[name] = isWebsite ? Finish(prefix + name) with { User = WebFolder.WebUser, Group = WebFolder.WebUser } : Finish(prefix + name);
        }

        foreach ((string name, Node node) in _folders.GetValueOrDefault(path) ?? [])
        {
            entries[name] = node;
        }

        return entries.ToImmutable();
    }
}
