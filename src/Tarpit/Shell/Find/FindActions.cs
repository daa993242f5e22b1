using Blackwall.Tarpit.Shell.Entries;
using System.Globalization;
using System.Text;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Shell.Commands;
using Blackwall.Tarpit.Shell.Execution;

namespace Blackwall.Tarpit.Shell.Find;

/// <summary>What find(1) does with the files that it found.</summary>
internal sealed class FindActions(Invocation call)
{
    private readonly List<(IReadOnlyList<string> Command, List<string> Paths)> _collected = [];
    private readonly StringBuilder _output = new();

    public bool HasQuit { get; set; }

    public int Status { get; private set; }

    /// <summary>-exec ... +: the paths are collected, and the command runs at the end.</summary>
    public List<string> Collect(IReadOnlyList<string> command)
    {
        List<string> paths = [];
        _collected.Add((command, paths));
        return paths;
    }

    public async ValueTask<bool> PrintAsync(FindNode node, string end)
    {
        _output.Append(node.Path).Append(end);
        if (_output.Length > 16 * 1024)
        {
            await FlushAsync();
        }

        return true;
    }

    public ValueTask FlushAsync()
    {
        string text = _output.ToString();
        _output.Clear();
        return call.PrintAsync(text);
    }

    public async ValueTask<bool> FormatAsync(FindNode node, string format)
    {
        _output.Append(Formatted(node, Escapes.Decode(format)));
        if (_output.Length > 16 * 1024)
        {
            await FlushAsync();
        }

        return true;
    }

    public async ValueTask<bool> DeleteAsync(FindNode node)
    {
        string path = call.State.Path(node.Path);
        if (node.Path is "." or "/")
        {
            return true;
        }

        Node? folder = call.Files.Find(path[..Math.Max(1, path.LastIndexOf('/'))]);
        FileError error = folder is not null && Access.MayWrite(folder, call.State.Visit.UserId) ? call.Files.Remove(path) : FileError.NotPermitted;
        if (error != FileError.None)
        {
            Status = await call.FailAsync(Characters.ToBytes($"cannot delete ‘{node.Path}’: {error.Text()}"));
        }

        return error == FileError.None;
    }

    public async ValueTask<bool> RunAsync(FindNode node, IReadOnlyList<string> command, bool isInFolder)
    {
        await FlushAsync();
        string path = isInFolder ? "./" + node.Name : node.Path;
        ShellState state = call.State.CopyForProgram();
        if (isInFolder && node.Path.LastIndexOf('/') is > 0 and var slash)
        {
            state.Folder = call.State.Path(node.Path[..slash]);
        }

        return await CallAsync(state, [.. command.Select(word => word.Replace("{}", path, StringComparison.Ordinal))]) == 0;
    }

    public async ValueTask FinishAsync()
    {
        await FlushAsync();
        foreach ((IReadOnlyList<string> command, List<string> paths) in _collected.Where(pair => pair.Paths.Count > 0))
        {
            Status = await CallAsync(call.State.CopyForProgram(), [.. command, .. paths]) == 0 ? Status : 1;
        }
    }

    private async ValueTask<int> CallAsync(ShellState state, IReadOnlyList<string> words)
    {
        await call.State.Budget.StepAsync(call.Cancellation);
        if (!words[0].Contains('/', StringComparison.Ordinal) && call.Interpreter.FindProgram(words[0]) is null)
        {
            await call.FailAsync(Characters.ToBytes($"‘{words[0]}’: No such file or directory"));
            return 127;
        }

        return await new Interpreter(state, call.Streams).CallProgramAsync(words[0], [.. words.Skip(1)], call.Streams, call.Cancellation);
    }

    private string Formatted(FindNode node, string format)
    {
        StringBuilder text = new();
        for (int at = 0; at < format.Length; at++)
        {
            if (format[at] != '%' || at + 1 == format.Length)
            {
                text.Append(format[at]);
                continue;
            }

            int start = ++at;
            while (at < format.Length && (char.IsAsciiDigit(format[at]) || format[at] is '-' or '.' or '#' or '+' or ' '))
            {
                at++;
            }

            string flags = format[start..at];
            if (at >= format.Length)
            {
                break;
            }

            string? piece = Piece(node, format[at]);
            if (format[at] is 'T' or 'A' or 'C' && at + 1 < format.Length)
            {
                piece = format[++at] == '@' ? string.Create(CultureInfo.InvariantCulture, $"{node.Node.Modified.ToUnixTimeSeconds()}.{node.Node.Modified.Ticks % TimeSpan.TicksPerSecond * 100:D9}0")
                    : format[at] == '+' ? Dates.Format("%Y-%m-%d+%H:%M:%S.%N0", node.Node.Modified.ToUniversalTime()) : Dates.Format("%" + format[at], node.Node.Modified.ToUniversalTime());
            }

            text.Append(piece is null ? "%" + format[at] : Padded(piece, flags));
        }

        return text.ToString();
    }

    private string? Piece(FindNode node, char kind) => kind switch
    {
        '%' => "%",
        'p' => node.Path,
        'f' => node.Name,
        'h' => node.Path.LastIndexOf('/') is > 0 and var slash ? node.Path[..slash] : node.Path.StartsWith('/') ? "" : ".",
        'P' => node.Path.Length > node.Root.Length ? node.Path[node.Root.Length..].TrimStart('/') : "",
        'H' => node.Root,
        'd' => node.Depth.ToString(CultureInfo.InvariantCulture),
        's' => Entries.Sizes.Of(node.Node).ToString(CultureInfo.InvariantCulture),
        'k' => ((Entries.Sizes.Of(node.Node) + 1023) / 1024).ToString(CultureInfo.InvariantCulture),
        'b' => Entries.Sizes.Blocks(node.Node).ToString(CultureInfo.InvariantCulture),
        'y' or 'Y' => node.Node.Letter == '-' ? "f" : node.Node.Letter.ToString(),
        'm' => Convert.ToString(node.Node.Mode, 8),
        'M' => Modes.Text(node.Node),
        'u' => Accounts.UserName(call.Files, node.Node.User),
        'g' => Accounts.GroupName(call.Files, node.Node.Group),
        'U' => node.Node.User.ToString(CultureInfo.InvariantCulture),
        'G' => node.Node.Group.ToString(CultureInfo.InvariantCulture),
        'n' => node.Node is FolderNode folder ? (2 + folder.Entries.Values.Count(child => child is FolderNode)).ToString(CultureInfo.InvariantCulture) : "1",
        'l' => node.Node is LinkNode link ? link.Target : "",
        'i' => ((uint)(call.State.Path(node.Path).Aggregate(17u, (hash, c) => unchecked((hash * 31) + c)) % 900_000) + 1000).ToString(CultureInfo.InvariantCulture),
        't' or 'a' or 'c' => Dates.Format("%a %b %e %H:%M:%S.%N0 %Y", node.Node.Modified.ToUniversalTime()),
        'F' => "ext4",
        'D' => "64513",
        _ => null,
    };

    private static string Padded(string text, string flags) =>
        int.TryParse(flags.TrimStart('-', '#', '+', ' ').Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out int width) ? flags.StartsWith('-') ? text.PadRight(Math.Min(width, 4096)) : text.PadLeft(Math.Min(width, 4096)) : text;
}
