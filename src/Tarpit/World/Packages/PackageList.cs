using System.Globalization;
using System.Text;

namespace Blackwall.Tarpit.World.Packages;

/// <summary>
/// What is installed: packages and their files, from a list that is part of the program. A line "=name|version|section|priority|KiB|depends|summary" begins
/// a package, "/folder" a folder of it, and "name TAB size" a file ("*": a program, "!": one that runs as root, "&gt;target": a link). @K and @A stand for
/// the kernel and its number. Files are read from the list when somebody looks at their folder.
/// </summary>
internal sealed class PackageList
{
    private const string WebsiteFiles = "-wordpress";

    // Servers differ in these.
    private static readonly string[] s_optional =
    [
        "htop", "tree", "mtr-tiny", "sosreport", "zip", "byobu", "tmux", "screen", "tcpdump", "strace", "ethtool", "hdparm", "lshw", "mdadm", "multipath-tools", "ntfs-3g", "open-vm-tools", "open-iscsi", "pastebinit",
        "sysstat", "thermald", "xfsprogs", "btrfs-progs", "zerofree", "bc", "at", "iucode-tool", "fwupd", "packagekit", "pollinate", "ftp", "telnet", "info", "ed", "dosfstools", "php8.3-zip", "php8.3-gd", "python3-serial",
    ];

    // Their version is told in other places too.
    private static readonly string[] s_fixed = ["apache2", "openssh", "mysql", "linux-", "php", "bind9", "busybox", "curl", "wget", "bash", "base-files", "python3", "perl", "git", "vim", "openssl", "libssl", "libcurl", "libperl", "libpython"];

    private static readonly Lazy<byte[]> s_text = new(Load);

    private readonly Dictionary<string, List<(PackagePart Part, Package? Owner)>> _folders = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SortedSet<string>> _inner = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Package> _byName = new(StringComparer.Ordinal);
    private readonly Machine _machine;
    private readonly string _kernelNumber;

    public PackageList(Machine machine)
    {
        _machine = machine;
        _kernelNumber = machine.Kernel.Split('-')[1];
        Read();
        All = [.. _byName.Values.OrderBy(package => package.Name, StringComparer.Ordinal)];
    }

    /// <summary>By name.</summary>
    public IReadOnlyList<Package> All { get; }

    public Package? Find(string name) => _byName.GetValueOrDefault(name.Split(':')[0]);

    /// <summary>Names of the folders in a folder that have files of packages below them.</summary>
    public IEnumerable<string> FoldersIn(string folder) => _inner.GetValueOrDefault(folder) ?? [];

    /// <summary>Files of packages in a folder; of the website the owner is null.</summary>
    public IEnumerable<(PackagedFile File, Package? Owner)> FilesIn(string folder) =>
        (_folders.GetValueOrDefault(folder) ?? []).SelectMany(entry => Files(entry.Part).Select(file => (file, entry.Owner)));

    /// <summary>The files of one part, in the order of the list.</summary>
    public IEnumerable<PackagedFile> Files(PackagePart part)
    {
        int at = part.Offset, end = part.Offset + part.Length;
        while (at < end)
        {
            int line = s_text.Value.AsSpan(at, end - at).IndexOf((byte)'\n');
            yield return Parse(Encoding.ASCII.GetString(s_text.Value, at, line));
            at += line + 1;
        }
    }

    /// <summary>Every path of a package, as <c>dpkg -L</c> lists them: folders before what is in them.</summary>
    public IEnumerable<string> Paths(Package package)
    {
        SortedSet<string> paths = new(StringComparer.Ordinal) { "/." };
        foreach (PackagePart part in package.Parts)
        {
            for (int slash = part.Folder.IndexOf('/', 1); slash > 0; slash = part.Folder.IndexOf('/', slash + 1))
            {
                paths.Add(part.Folder[..slash]);
            }

            paths.Add(part.Folder);
            foreach (PackagedFile file in Files(part))
            {
                paths.Add(part.Folder is "/" ? "/" + file.Name : $"{part.Folder}/{file.Name}");
            }
        }

        return paths;
    }

    /// <summary>The package that a path belongs to; null: none.</summary>
    public Package? Owner(string path)
    {
        int slash = path.LastIndexOf('/');
        string folder = slash <= 0 ? "/" : path[..slash], name = path[(slash + 1)..];
        return FilesIn(folder).FirstOrDefault(entry => string.Equals(entry.File.Name, name, StringComparison.Ordinal)).Owner;
    }

    /// <summary>When the files of a package were built.</summary>
    public static DateTimeOffset Built(Package? package) => new DateTimeOffset(2024, 3, 8, 9, 0, 0, TimeSpan.Zero).AddSeconds(StableHash.Of(package?.Name ?? "") % (24 * 86_400));

    private static byte[] Load()
    {
        using Stream stream = typeof(PackageList).Assembly.GetManifestResourceStream("packages.txt")!;
        byte[] text = new byte[stream.Length];
        stream.ReadExactly(text);
        return text;
    }

    private string Resolve(string text) => text.Contains('@', StringComparison.Ordinal)
        ? text.Replace("@K", _machine.Kernel, StringComparison.Ordinal).Replace("@A", _kernelNumber, StringComparison.Ordinal) : text;

    private void Read()
    {
        byte[] text = s_text.Value;
        Package? package = null;
        List<PackagePart> parts = [];
        string? folder = null;
        int begin = 0;
        bool isSkipped = false;
        for (int at = 0; at <= text.Length;)
        {
            int line = at == text.Length ? 0 : text.AsSpan(at).IndexOf((byte)'\n');
            bool isHead = at == text.Length || text[at] is (byte)'=' or (byte)'/';
            if (isHead && folder is not null && !isSkipped)
            {
                AddPart(new PackagePart(folder, begin, at - begin), package, parts);
            }

            if (at == text.Length)
            {
                break;
            }

            string head = isHead ? Encoding.ASCII.GetString(text, at, line) : "";
            if (head.StartsWith('='))
            {
                (folder, parts) = (null, []);
                (package, isSkipped) = Head(Resolve(head[1..]), parts);
            }
            else if (isHead)
            {
                (folder, begin) = (Resolve(head), at + line + 1);
            }

            at += line + 1;
        }
    }

    private (Package? Package, bool IsSkipped) Head(string line, List<PackagePart> parts)
    {
        string[] fields = line.Split('|');
        if (fields[0] is WebsiteFiles)
        {
            return (null, false);
        }

        if (Array.IndexOf(s_optional, fields[0]) >= 0 && _machine.Number("package" + fields[0], 0, 100) >= 55)
        {
            return (null, true);
        }

        Package package = new(fields[0], Patched(fields[0], fields[1]), fields[2], fields[3], int.Parse(fields[4], CultureInfo.InvariantCulture), fields[5], fields[6], parts);
        _byName[package.Name] = package;
        return (package, false);
    }

    // How far it was upgraded: the last number of Ubuntu's part of the version.
    private string Patched(string name, string version)
    {
        int dot = version.LastIndexOf('.');
        return dot > 0 && version.Contains("ubuntu", StringComparison.Ordinal) && int.TryParse(version.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is > 0 and < 40
            && !s_fixed.Any(other => name.StartsWith(other, StringComparison.Ordinal))
            ? string.Create(CultureInfo.InvariantCulture, $"{version[..(dot + 1)]}{_machine.Number("patch" + name, Math.Max(1, number - 3), number + 4)}") : version;
    }

    private void AddPart(PackagePart part, Package? package, List<PackagePart> parts)
    {
        parts.Add(part);
        if (!_folders.TryGetValue(part.Folder, out List<(PackagePart, Package?)>? entries))
        {
            _folders[part.Folder] = entries = new(1);
        }

        entries.Add((part, package));
        for (string path = part.Folder; path.Length > 1;)
        {
            int slash = path.LastIndexOf('/');
            string outer = slash == 0 ? "/" : path[..slash];
            if (!_inner.TryGetValue(outer, out SortedSet<string>? inner))
            {
                _inner[outer] = inner = new SortedSet<string>(StringComparer.Ordinal);
            }

            if (!inner.Add(path[(slash + 1)..]))
            {
                break;
            }

            path = outer;
        }
    }

    private PackagedFile Parse(string line)
    {
        int tab = line.IndexOf('\t', StringComparison.Ordinal);
        string name = Resolve(line[..tab]);
        ReadOnlySpan<char> value = line.AsSpan(tab + 1);
        return value[0] switch
        {
            '>' => new PackagedFile(name, 0, 0x1FF, Resolve(value[1..].ToString())),
            '*' => new PackagedFile(name, int.Parse(value[1..], CultureInfo.InvariantCulture), 0x1ED, null),
            '!' => new PackagedFile(name, int.Parse(value[1..], CultureInfo.InvariantCulture), 0x9ED, null),
            _ => new PackagedFile(name, int.Parse(value, CultureInfo.InvariantCulture), 0x1A4, null),
        };
    }
}
