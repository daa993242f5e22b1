using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Blackwall.Benchmarks.Report;

namespace Blackwall.Benchmarks.Tarpit;

/// <summary>Files and changes of keys with OpenSSH's own clients.</summary>
internal sealed class TransferFigures : IFigureGroup
{
    private const int FileMegabytes = 8;

    public string Name => "transfer";

    public string Title => "OpenSSH's sftp, scp and ssh: files of 8 MB there and back, keys that change under load";

    public async Task MeasureAsync(BenchOptions options, FigureBook book)
    {
        await using ConfinedTarpit tarpit = await ConfinedTarpit.StartAsync();
        string folder = Directory.CreateTempSubdirectory("blackwall-bench-").FullName;
        try
        {
            using OpenSshTool tool = new(tarpit.EndPoint, folder);
            int files = options.Quick ? 3 : 25;
            string source = Path.Combine(folder, "source");
            byte[] content = RandomNumberGenerator.GetBytes(FileMegabytes << 20);
            await File.WriteAllBytesAsync(source, content);
            await SftpAsync(tool, folder, source, content, files, book);
            await ScpAsync(tool, folder, source, content, files, book);
            await RekeyAsync(tool, options.Quick ? 2 : 8, book);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task SftpAsync(OpenSshTool tool, string folder, string source, byte[] content, int files, FigureBook book)
    {
        string[] backs = [.. Enumerable.Range(0, files).Select(i => Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"back{i}")))];
        long start = Stopwatch.GetTimestamp();
        await tool.RunAsync("sftp", string.Concat(backs.Select(back => $"put {source} /tmp/x\nget /tmp/x {back}\n")), ["-b", "-"], "root@127.0.0.1");
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Check(backs, content);
        book.Add(new Figure($"sftp, {files * FileMegabytes} MB each way, intact", 2.0 * files * FileMegabytes / seconds, "MB/s"));
    }

    private static async Task ScpAsync(OpenSshTool tool, string folder, string source, byte[] content, int files, FigureBook book)
    {
        string back = Path.Combine(folder, "back");
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < files; i++)
        {
            await tool.RunAsync("scp", "", ["-O"], source, "root@127.0.0.1:/tmp/x");
            await tool.RunAsync("scp", "", ["-O"], "root@127.0.0.1:/tmp/x", back);
            Check([back], content);
        }

        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        book.Add(new Figure($"scp, {files * FileMegabytes} MB each way, intact", 2.0 * files * FileMegabytes / seconds, "MB/s", Note: $"two logins for each {FileMegabytes} MB"));
    }

    private static async Task RekeyAsync(OpenSshTool tool, int megabytes, FigureBook book)
    {
        string input = new('x', megabytes << 20);
        long start = Stopwatch.GetTimestamp();
        (string output, string errors) = await tool.RunAsync("ssh", input, ["-v", "-o", "RekeyLimit=64K"], "root@127.0.0.1", "cat");
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        int exchanges = errors.Split('\n').Count(line => line.Contains("SSH2_MSG_NEWKEYS received", StringComparison.Ordinal));
        if (!string.Equals(output, input, StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"of {input.Length} bytes {output.Length} came back over {exchanges} key exchanges");
        }

        book.Add(new Figure($"key exchanges of one connection while {megabytes} MB flow each way", exchanges, "", Budget: 100, AtLeast: true, Note: "the client changes keys each 64 KB"));
        book.Add(new Figure("  their rate", exchanges / seconds, "/s"));
    }

    private static void Check(string[] files, byte[] content)
    {
        foreach (string file in files)
        {
            if (!File.ReadAllBytes(file).AsSpan().SequenceEqual(content))
            {
                throw new InvalidOperationException("a file came back changed");
            }

            File.Delete(file);
        }
    }
}
