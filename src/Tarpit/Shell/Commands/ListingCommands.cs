using System.Globalization;
using System.Text;
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
        foreach (string name in i.Operands)
        {
            string kind = i.Files.Find(i.State.Path(name), follow: false) switch
            {
                null => $"cannot open `{name}' (No such file or directory)",
                FolderNode => "directory",
                LinkNode link => $"symbolic link to {link.Target}",
                DeviceNode => "character special",
                SocketNode => "socket",
                FileNode { Content: Binary } => "ELF 64-bit LSB pie executable, x86-64, version 1 (SYSV), dynamically linked, interpreter /lib64/ld-linux-x86-64.so.2, for GNU/Linux 3.2.0, stripped",
                FileNode file => Kind(file.Content.Read()),
                _ => "data",
            };
            await i.PrintAsync($"{name}: {kind}\n");
        }

        return 0;
    }

    private static string Kind(byte[] content) => content switch
    {
        [] => "empty",
        [0x7f, (byte)'E', (byte)'L', (byte)'F', 1, ..] => "ELF 32-bit LSB executable, statically linked, stripped",
        [0x7f, (byte)'E', (byte)'L', (byte)'F', ..] => "ELF 64-bit LSB executable, x86-64, version 1 (SYSV), statically linked, stripped",
        [0x1f, 0x8b, ..] => "gzip compressed data",
        [(byte)'#', (byte)'!', ..] => "Bourne-Again shell script, ASCII text executable",
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
