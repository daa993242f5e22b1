using System.Globalization;
using System.Text;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Shell.Commands;

namespace Blackwall.Tarpit.Shell.Scripting;

/// <summary>perl(1) 5.38.2.</summary>
internal static class PerlCommand
{
    private const int Longest = 256 * 1024, LongestLine = 1024;
    private const string Version = "\nThis is perl 5, version 38, subversion 2 (v5.38.2) built for x86_64-linux-gnu-thread-multi\n(with 44 registered patches, see perl -V for more detail)\n\nCopyright 1987-2023, Larry Wall\n\nPerl may be copied only under the terms of either the Artistic License or the\nGNU General Public License, which may be found in the Perl 5 source kit.\n\nComplete documentation for Perl, including FAQ lists, should be found on\nthis system using \"man perl\" or \"perldoc perl\".  If you have access to the\nInternet, point your browser at https://www.perl.org/, the Perl Home Page.\n\n";

    private static readonly string[] s_modules = ["strict", "warnings", "utf8", "Socket", "IO", "POSIX", "vars", "lib", "constant", "feature", "integer", "bytes", "Carp", "Cwd", "FindBin", "Exporter", "Fcntl", "Encode", "Errno", "Symbol", "Storable", "threads", "base", "parent", "overload", "locale", "open", "English", "Benchmark", "Safe", "Config", "Opcode", "Hash::Util"];
    private static readonly string[] s_families = ["IO::", "File::", "MIME::", "Digest::", "Time::", "List::", "Scalar::", "Data::", "Getopt::", "Sys::", "HTTP::Tiny", "JSON::PP", "Math::", "Net::FTP", "Net::SMTP", "Net::Ping", "Term::", "Text::", "Tie::", "Unicode::", "Compress::", "Archive::Tar", "IPC::", "Module::", "Test::", "threads::", "Encode::", "Unix::"];

    public static async ValueTask<int> RunAsync(Invocation i)
    {
        StringBuilder code = new();
        bool hasCode = false, loops = false, prints = false, splits = false;
        string lineEnd = "", separator = "";
        string? inPlace = null;
        List<string> modules = [];
        int at = 0;
        for (; at < i.Arguments.Count && i.Arguments[at] is ['-', _, ..] argument; at++)
        {
            if (argument is "--")
            {
                at++;
                break;
            }

            if (argument is "-v" or "--version")
            {
                return await SystemCommands.PrintAsync(i, Version);
            }

            for (int n = 1; n < argument.Length; n++)
            {
                switch (argument[n])
                {
                    case 'e' or 'E':
                        string? text = n + 1 < argument.Length ? argument[(n + 1)..] : ++at < i.Arguments.Count ? i.Arguments[at] : null;
                        if (text is null)
                        {
                            return await TellAsync(i, "No code specified for -e.\n", 255);
                        }

                        code.Append(text).Append('\n');
                        hasCode = true;
                        n = argument.Length;
                        break;
                    case 'n':
                        loops = true;
                        break;
                    case 'p':
                        (loops, prints) = (true, true);
                        break;
                    case 'l':
                        lineEnd = "\n";
                        break;
                    case 'a':
                        (loops, splits) = (true, true);
                        break;
                    case 'F':
                        (separator, splits, loops) = (argument[(n + 1)..].Trim('/'), true, true);
                        n = argument.Length;
                        break;
                    case 'i':
                        inPlace = argument[(n + 1)..];
                        n = argument.Length;
                        break;
                    case 'M' or 'm':
                        modules.Add(argument[(n + 1)..].Split('=')[0]);
                        n = argument.Length;
                        break;
                    case 'I' or 'x' or 'C' or '0' or 'D' or 'V':
                        n = argument.Length;
                        break;
                    case 'w' or 'W' or 'c' or 's' or 'S' or 't' or 'T' or 'u' or 'U' or 'X' or 'f':
                        break;
                    case var other:
                        return await TellAsync(i, $"Unrecognized switch: -{argument[n..]}  (-h will show valid options).\n", 29);
                }
            }
        }

        string[] rest = [.. i.Arguments.Skip(at)];
        string file = "-e";
        if (!hasCode)
        {
            if (rest is [var name, ..] && name is not "-")
            {
                FileError error = i.Read(name, out byte[] script);
                if (error is not FileError.None)
                {
                    return await TellAsync(i, $"Can't open perl script \"{name}\": {error.Text()}\n", 2);
                }

                (file, rest) = (name, rest[1..]);
                code.Append(Encoding.Latin1.GetString(script));
            }
            else
            {
                file = "-";
                code.Append(Encoding.Latin1.GetString(await i.Streams.Input.ReadAllAsync(i.Cancellation)));
            }
        }

        return await RunAsync(i, code.Length <= Longest ? code.ToString() : code.ToString(0, Longest), file, modules, new Loop(loops, prints, splits, separator, lineEnd, inPlace, rest));
    }

    private sealed record Loop(bool IsOn, bool Prints, bool Splits, string Separator, string LineEnd, string? InPlace, string[] Arguments);

    private static async ValueTask<int> TellAsync(Invocation i, string text, int status)
    {
        await i.Streams.Error.WriteAsync(text, i.Cancellation);
        return status;
    }

    private static async ValueTask<int> RunAsync(Invocation i, string code, string file, List<string> modules, Loop loop)
    {
        IReadOnlyList<ScriptNode> program;
        try
        {
            (program, IReadOnlyList<string> used) = ScriptParser.Read(code, isPhp: false);
            modules.AddRange(used);
        }
        catch (ScriptSyntaxException e)
        {
            return await RefuseAsync(i, code, file, e);
        }

        if (modules.FirstOrDefault(module => module.Length > 0 && !s_modules.Contains(module, StringComparer.Ordinal) && !s_families.Any(family => module.StartsWith(family, StringComparison.Ordinal)) && i.Files.Find(i.State.Path(module.Replace("::", "/", StringComparison.Ordinal) + ".pm")) is null) is { } missing)
        {
            return await TellAsync(i, $"Can't locate {missing.Replace("::", "/", StringComparison.Ordinal)}.pm in @INC (you may need to install the {missing} module) (@INC entries checked: /etc/perl /usr/local/lib/x86_64-linux-gnu/perl/5.38.2 /usr/local/share/perl/5.38.2 /usr/lib/x86_64-linux-gnu/perl5/5.38 /usr/share/perl5 /usr/lib/x86_64-linux-gnu/perl-base /usr/lib/x86_64-linux-gnu/perl/5.38 /usr/share/perl/5.38 /usr/local/lib/site_perl) at {file} line 1.\nBEGIN failed--compilation aborted at {file} line 1.\n", 2);
        }

        ScriptMachine machine = new(i, isPhp: false, file) { LineEnd = loop.LineEnd };
        machine.Variables["@ARGV"] = new List<object?>(loop.Arguments);
        string folder = i.State.Folder;
        try
        {
            await (loop.IsOn ? EachLineAsync(i, machine, program, loop) : machine.Statements.RunAsync(program));
            await machine.FlushAsync();
            return 0;
        }
        catch (ScriptDieException e)
        {
            await machine.FlushAsync();
            return await TellAsync(i, e.Message, e.Status);
        }
        finally
        {
            i.State.Folder = folder;
            machine.Drop();
        }
    }

    // -n and -p: the program for each line of the files, or of the input.
    private static async ValueTask EachLineAsync(Invocation i, ScriptMachine machine, IReadOnlyList<ScriptNode> program, Loop loop)
    {
        int number = 0;
        foreach ((string name, string text) in (await i.ReadAsync(loop.Arguments)).Files)
        {
            foreach (string line in text.Split('\n').Select((line, n) => line + "\n").SkipLast(text.EndsWith('\n') ? 1 : 0))
            {
                string given = text.EndsWith('\n') || number + 1 < text.Split('\n').Length ? line : line.TrimEnd('\n');
                machine.Variables["$."] = (double)++number;
                machine.Variables["$_"] = loop.LineEnd.Length > 0 ? given.TrimEnd('\n') : given;
                if (loop.Splits)
                {
                    machine.Variables["@F"] = loop.Separator.Length == 0 ? [.. line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)] : new List<object?>(machine.Patterns.Pattern(loop.Separator, "", 1).Split(line.TrimEnd('\n')));
                }

                await machine.Statements.RunAsync(program);
                await (loop.Prints ? machine.PrintAsync(machine.Text(machine.Variables.GetValueOrDefault("$_")) + loop.LineEnd) : ValueTask.CompletedTask);
            }

            if (loop.InPlace is not null && loop.Arguments.Length > 0)
            {
                string changed = machine.Output.ToString();
                machine.Output.Clear();
                _ = loop.InPlace.Length > 0 ? Connections.Saving.Save(i, name + loop.InPlace, Encoding.Latin1.GetBytes(text)) : null;
                Connections.Saving.Save(i, name, Encoding.Latin1.GetBytes(changed));
            }
        }
    }

    // A long script of somebody's goes into the background, as most of those that are brought do; a line that is not understood is an error.
    private static async ValueTask<int> RefuseAsync(Invocation i, string code, string file, ScriptSyntaxException e)
    {
        if (file is not "-e" && code.Length > LongestLine && code.StartsWith("#!", StringComparison.Ordinal) && (code.Contains("fork", StringComparison.Ordinal) || code.Contains("IO::Socket", StringComparison.Ordinal)))
        {
            i.State.Visit.Memory.Processes.Start($"perl {file}", i.State.Visit.UserName, 1, "?", i.State.Folder, load: 0.3, memory: 9200);
            return 0;
        }

        string line = e.Line.ToString(CultureInfo.InvariantCulture), near = e.Near.Length > 60 ? e.Near[..60] : e.Near;
        return await TellAsync(i, e.Near.StartsWith('\0') ? $"Can't find string terminator {(e.Near[1] == '"' ? "'\"'" : $"\"{e.Near[1..]}\"")} anywhere before EOF at {file} line {line}.\n"
            : near.Length == 0 ? $"{(code.Count(c => c == '{') > code.Count(c => c == '}') ? "Missing right curly or square bracket" : "syntax error")} at {file} line {line}, at {(code.Count(c => c == '{') > code.Count(c => c == '}') ? "end of line" : "EOF")}\n{(code.Count(c => c == '{') > code.Count(c => c == '}') ? $"syntax error at {file} line {line}, at EOF\n" : "")}Execution of {file} aborted due to compilation errors.\n"
            : $"syntax error at {file} line {line}, near \"{near}\"\nExecution of {file} aborted due to compilation errors.\n", 255);
    }
}
