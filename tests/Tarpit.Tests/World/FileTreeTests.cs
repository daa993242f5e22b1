using System.IO.Compression;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.World;
using Xunit;

namespace Blackwall.Tarpit.Tests.World;

/// <summary>The files of the machine: how many, and that what is told of each is true.</summary>
[Collection(AloneCollection.Name)]
public sealed class FileTreeTests
{
    private const int LargestRead = 200_000;

    [Fact]
    public void There_are_more_than_forty_thousand_and_each_is_as_long_as_it_says()
    {
        Machine machine = VirtualHost.NewMachine(3);
        FolderNode root = BaseTree.Build(machine);
        int files = 0, folders = 0;
        List<string> wrong = [];
        Walk("", root, (path, node) =>
        {
            _ = node is FolderNode ? folders++ : files++;
            if (node.Modified > machine.Now || node.Modified.Year < 2024)
            {
                wrong.Add($"{path}: {node.Modified}");
            }

            // Of the many that come with packages every eleventh is read; all others are.
            if (node is FileNode { Content: not KernelContent } file && file.Content.Size <= LargestRead && (file.Content is not (PackagedContent or Binary) || (files % 11) == 0) && file.Content.Read().Length != file.Content.Size)
            {
                wrong.Add($"{path}: {file.Content.Size} is not {file.Content.Read().Length}");
            }
        });
        Assert.Empty(wrong);
        Assert.True(files + folders >= 40_000, $"{files} files and {folders} folders");
    }

    [Fact]
    public void The_tree_is_made_as_somebody_looks_and_stays_small()
    {
        Machine machine = VirtualHost.NewMachine(4);
        _ = machine.Packages;
        long before = GC.GetTotalMemory(forceFullCollection: true);
        FolderNode root = BaseTree.Build(machine);
        long bare = GC.GetTotalMemory(forceFullCollection: true) - before;
        int count = 0;
        Walk("", root, (_, _) => count++);
        long whole = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.True(bare < 4 << 20, $"{bare} bytes before anybody looked");
        Assert.True(whole < 32 << 20, $"{whole} bytes for {count} entries");
        GC.KeepAlive(root);
    }

    [Fact]
    public async Task Listings_sizes_and_contents_agree()
    {
        VirtualHost host = new();
        foreach (string path in new[] { "/usr/bin/ls", "/etc/passwd", "/usr/share/doc/bash/copyright", "/usr/lib/python3.12/os.py", "/var/lib/dpkg/status", "/var/lib/dpkg/info/bash.list", "/boot/config-" + VirtualHost.NewMachine(7).Kernel, "/root/.bashrc", "/var/www/html/wp-config.php", "/var/log/dpkg.log" })
        {
            string[] sizes = (await host.RunAsync($"stat -c %s {path}; wc -c < {path}; ls -l {path} | awk '{{print $5}}'; cat {path} | wc -c; find {path} -size -99999999c -type f | wc -l")).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            Assert.True(sizes.Length == 5 && sizes.Take(4).Distinct(StringComparer.Ordinal).Count() == 1, $"{path}: {string.Join(' ', sizes)}");
            Assert.NotEqual("0", sizes[0]);
        }
    }

    [Fact]
    public async Task Programs_are_ELF_and_manuals_can_be_unpacked()
    {
        FolderNode root = BaseTree.Build(VirtualHost.NewMachine(5));
        FolderNode programs = (FolderNode)((FolderNode)root.Entries["usr"]).Entries["bin"];
        Assert.True(programs.Entries.Count > 700);
        foreach (FileNode file in programs.Entries.Values.OfType<FileNode>().Where(file => file.Content.Size is > 64 and < 100_000).Take(60))
        {
            Assert.Equal("\x7f" + "ELF", System.Text.Encoding.Latin1.GetString(file.Content.Read(), 0, 4));
        }

        FolderNode manuals = (FolderNode)((FolderNode)((FolderNode)((FolderNode)root.Entries["usr"]).Entries["share"]).Entries["man"]).Entries["man1"];
        foreach (FileNode file in manuals.Entries.Where(entry => entry.Key.EndsWith(".gz", StringComparison.Ordinal)).Select(entry => entry.Value).OfType<FileNode>().Take(40))
        {
            using GZipStream stream = new(new MemoryStream(file.Content.Read()), CompressionMode.Decompress);
            using StreamReader reader = new(stream);
            Assert.StartsWith(".TH", await reader.ReadToEndAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }
    }

    private static void Walk(string path, FolderNode folder, Action<string, Node> visit)
    {
        foreach ((string name, Node node) in folder.Entries)
        {
            visit($"{path}/{name}", node);
            if (node is FolderNode { IsLive: false } inner)
            {
                Walk($"{path}/{name}", inner, visit);
            }
        }
    }
}
