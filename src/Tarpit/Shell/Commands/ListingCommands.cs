using Blackwall.Tarpit.Files;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>Commands that look at the file system.</summary>
internal static class ListingCommands
{
    public static Dictionary<string, CommandBody> All { get; } = new(StringComparer.Ordinal)
    {
        ["file"] = FileAsync,
        ["which"] = WhichAsync,
        ["whereis"] = WhereIsAsync,
    };

    private static async ValueTask<int> FileAsync(Invocation i)
    {
        bool isBrief = i.Has('b', "brief"), isMime = i.Has('i', "mime") || i.Has('\0', "mime-type");
        int width = i.Operands.Count == 0 ? 0 : i.Operands.Max(name => name.Length);
        foreach (string name in i.Operands)
        {
            string kind = i.Files.Find(i.State.Path(name), follow: false) switch
            {
                null => $"cannot open `{name}' (No such file or directory)",
                FolderNode => "directory",
                LinkNode link => $"symbolic link to {link.Target}",
                DeviceNode device => $"character special ({device.Major}/{device.Minor})",
                SocketNode => "socket",
                FileNode { Content: Binary } => "ELF 64-bit LSB pie executable, x86-64, version 1 (SYSV), dynamically linked, interpreter /lib64/ld-linux-x86-64.so.2, for GNU/Linux 3.2.0, stripped",
                FileNode file => Kind(file.Content.Read()),
                _ => "data",
            };
            kind = isMime ? Mime(kind, isCharset: !i.Has('\0', "mime-type")) : kind;
            await i.PrintAsync(isBrief ? kind + "\n" : $"{(name + ":").PadRight(width + 1)} {kind}\n");
        }

        return 0;
    }

    private static string Mime(string kind, bool isCharset)
    {
        string type = kind.Contains("directory", StringComparison.Ordinal) ? "inode/directory" : kind is "empty" ? "inode/x-empty" : kind.StartsWith("symbolic", StringComparison.Ordinal) ? "inode/symlink" : kind.StartsWith("character", StringComparison.Ordinal) ? "inode/chardevice"
            : kind.Contains("pie executable", StringComparison.Ordinal) ? "application/x-pie-executable" : kind.StartsWith("ELF", StringComparison.Ordinal) ? "application/x-executable" : kind.StartsWith("gzip", StringComparison.Ordinal) ? "application/gzip"
            : kind.Contains("shell script", StringComparison.Ordinal) ? "text/x-shellscript" : kind.Contains("Python", StringComparison.Ordinal) ? "text/x-script.python" : kind.Contains("text", StringComparison.Ordinal) ? "text/plain" : "application/octet-stream";
        return isCharset ? $"{type}; charset={(type.StartsWith("text", StringComparison.Ordinal) ? "us-ascii" : "binary")}" : type;
    }

    private static string Kind(byte[] content) => content switch
    {
        [] => "empty",
        [0x7f, (byte)'E', (byte)'L', (byte)'F', 1, ..] => "ELF 32-bit LSB executable, statically linked, stripped",
        [0x7f, (byte)'E', (byte)'L', (byte)'F', ..] => "ELF 64-bit LSB executable, x86-64, version 1 (SYSV), statically linked, stripped",
        [0x1f, 0x8b, ..] => "gzip compressed data",
        [(byte)'#', (byte)'!', ..] => (System.Text.Encoding.Latin1.GetString(content, 0, Math.Min(content.Length, 80)).Split('\n')[0] switch
        {
            var line when line.Contains("python", StringComparison.Ordinal) => "Python script",
            var line when line.Contains("perl", StringComparison.Ordinal) => "Perl script",
            var line when line.Contains("bash", StringComparison.Ordinal) => "Bourne-Again shell script",
            _ => "POSIX shell script",
        }) + ", ASCII text executable",
        _ when content.AsSpan().ContainsAnyInRange((byte)0, (byte)6) => "data",
        _ => "ASCII text",
    };

    private static async ValueTask<int> WhichAsync(Invocation i)
    {
        int status = i.Operands.Count == 0 ? 1 : 0;
        foreach (string name in i.Operands)
        {
            if (i.Interpreter.FindProgram(name) is { } path)
            {
                await i.PrintAsync(path + "\n");
            }
            else
            {
                status = 1;
            }
        }

        return status;
    }

    private static async ValueTask<int> WhereIsAsync(Invocation i)
    {
        foreach (string name in i.Operands)
        {
            string? path = i.Interpreter.FindProgram(name);
            await i.PrintAsync(path is null ? $"{name}:\n" : $"{name}: {path} /usr/share/man/man1/{name}.1.gz\n");
        }

        return 0;
    }
}
