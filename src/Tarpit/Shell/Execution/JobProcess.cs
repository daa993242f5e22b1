using System.Text;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Shell.Commands;
using Blackwall.Tarpit.Shell.Syntax;
using Blackwall.Tarpit.World.State;

namespace Blackwall.Tarpit.Shell.Execution;

/// <summary>How a command in the background looks among the processes of the machine.</summary>
internal static class JobProcess
{
    private const int BashKilobytes = 3400, OthersKilobytes = 2100, LongestCommand = 1024;

    public static RunningProcess Of(ShellState state, Command command, int id)
    {
        Visit visit = state.Visit;
        string terminal = visit.TerminalName.Length > 0 ? visit.TerminalName : "?";
        RunningProcess process = new(id, visit.ShellProcess, visit.UserName, terminal, visit.Machine.Now, state.Name, BashKilobytes) { Folder = state.Folder };

        // What the shell itself runs is a copy of it.
        string[] words = [.. Words(command)];
        while (words is ["nohup" or "setsid" or "exec" or "nice" or "env", _, ..])
        {
            words = words[1..];
        }

        if (words.Length == 0 || state.Functions.ContainsKey(words[0]) || NameBuiltins.IsBuiltin(words[0]))
        {
            return process;
        }

        string line = string.Join(' ', words);
        line = line.Length > LongestCommand ? line[..LongestCommand] : line;
        return words[0].Contains('/', StringComparison.Ordinal) && Interpreter(state, words[0]) is { } interpreter
            ? process with { Command = $"{interpreter} {line}" }
            : process with { Command = line, Memory = OthersKilobytes };
    }

    /// <summary>A shell that runs as a program is among the processes until what is returned is disposed of.</summary>
    public static IDisposable Begin(ShellState shell, string name, IReadOnlyList<string> arguments)
    {
        Visit visit = shell.Visit;
        string line = $"{name} {string.Join(' ', arguments)}".TrimEnd();
        bool isKnown = visit.Memory.Processes.Find(shell.Process) is not null;
        if (!isKnown)
        {
            visit.Memory.Processes.Add(new RunningProcess(shell.Process, shell.ParentProcess ?? visit.ShellProcess, visit.UserName, visit.TerminalName.Length > 0 ? visit.TerminalName : "?", visit.Machine.Now, line.Length > LongestCommand ? line[..LongestCommand] : line, BashKilobytes) { Folder = shell.Folder });
        }

        return new Ending(isKnown ? null : visit, shell.Process);
    }

    private sealed class Ending(Visit? visit, int process) : IDisposable
    {
        public void Dispose() => visit?.Memory.Processes.End(process);
    }

    private static IEnumerable<string> Words(Command command) => command switch
    {
        SimpleCommand simple => simple.Words.Select(Plain),
        Pipeline { Stages: [var only] } => Words(only),
        _ => [],
    };

    // Without quotation marks; what is only known when the command runs stays as it is written.
    private static string Plain(Word word) => word.Parts.All(part => part is LiteralPart or QuotedPart { Parts: [LiteralPart] })
        ? string.Concat(word.Parts.Select(part => part is LiteralPart literal ? literal.Text : ((LiteralPart)((QuotedPart)part).Parts[0]).Text)) : word.Text;

    // What the first line of a script names; null: it is a program.
    private static string? Interpreter(ShellState state, string path)
    {
        const int longestLine = 127;
        if (state.Files.Find(state.Path(path)) is not FileNode file || file.Content is Binary)
        {
            return null;
        }

        ReadOnlySpan<byte> content = file.Content.Read();
        if (content.StartsWith("\x7f"u8))
        {
            return null;
        }

        int end = content[..Math.Min(content.Length, longestLine)].IndexOf((byte)'\n');
        return content.StartsWith("#!"u8) && end > 2 ? Encoding.Latin1.GetString(content[2..end]).Trim() : "/bin/bash";
    }
}
