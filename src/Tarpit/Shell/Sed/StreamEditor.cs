using System.Text;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Recording;
using Blackwall.Tarpit.Shell.Commands;

namespace Blackwall.Tarpit.Shell.Sed;

/// <summary>sed(1): its options and files.</summary>
internal static class StreamEditor
{
    private static readonly Dictionary<string, char> LongNames = new(StringComparer.Ordinal)
    {
        ["quiet"] = 'n', ["silent"] = 'n', ["expression"] = 'e', ["file"] = 'f', ["regexp-extended"] = 'E', ["in-place"] = 'i', ["separate"] = 's', ["null-data"] = 'z', ["unbuffered"] = 'u', ["line-length"] = 'l', ["posix"] = 'p', ["follow-symlinks"] = 'F', ["sandbox"] = 'S', ["debug"] = 'D', ["help"] = 'h', ["version"] = 'v',
    };

    public static async ValueTask<int> RunAsync(Invocation i)
    {
        // The suffix of -i stands in the same word, or is none.
        string? suffix = null;
        List<string> arguments = [];
        foreach (string argument in i.Arguments)
        {
            int at = argument is ['-', not '-', ..] ? argument.IndexOf('i', StringComparison.Ordinal) : -1;
            if (at > 0 && argument[1..at].All(c => c is 'n' or 'E' or 'r' or 's' or 'u' or 'z'))
            {
                suffix = argument[(at + 1)..];
                arguments.Add(argument[..at] + "i");
            }
            else if (argument.StartsWith("--in-place=", StringComparison.Ordinal))
            {
                suffix = argument[11..];
                arguments.Add("-i");
            }
            else
            {
                arguments.Add(argument);
            }
        }

        OptionParsing options = new(arguments, "ne:f:Eriszul:pFSDhv", LongNames, isMixed: true);
        if (options.Error is { } error)
        {
            await i.Streams.Error.WriteAsync($"sed: {OptionParsing.Describe(error)}\n", i.Cancellation);
            return 1;
        }

        List<string> operands = [.. options.Operands];
        List<string> scripts = [];
        foreach ((char letter, string? value) in options.All.Where(option => option.Letter is 'e' or 'f'))
        {
            if (letter == 'e')
            {
                scripts.Add(value!);
            }
            else if (i.Read(value!, out byte[] content) is var failure && failure == FileError.None)
            {
                scripts.Add(Encoding.Latin1.GetString(content).TrimEnd('\n'));
            }
            else
            {
                return await i.FailAsync($"couldn't open file {value}: {failure.Text()}", 4);
            }
        }

        if (scripts.Count == 0)
        {
            if (operands.Count == 0)
            {
                await i.Streams.Error.WriteAsync("Usage: sed [OPTION]... {script-only-if-no-other-script} [input-file]...\n", i.Cancellation);
                return 1;
            }

            scripts.Add(operands[0]);
            operands.RemoveAt(0);
        }

        string script = string.Join('\n', scripts);
        IReadOnlyList<SedCommand> commands;
        try
        {
            commands = new SedParser(script, options.Has('E') || options.Has('r')).Parse();
        }
        catch (FormatException e)
        {
            return await i.FailAsync(e.Message);
        }

        SedMachine machine = new(commands, options.Has('n') || script.StartsWith("#n\n", StringComparison.Ordinal), i.State.Budget.StepAsync)
        {
            Read = name => i.Read(name, out byte[] content) == FileError.None ? Encoding.Latin1.GetString(content) : "",
        };
        return await RunAsync(i, machine, operands, options, suffix);
    }

    private static async ValueTask<int> RunAsync(Invocation i, SedMachine machine, List<string> operands, OptionParsing options, string? suffix)
    {
        int status = 0;
        bool isInPlace = options.Has('i'), isSeparate = isInPlace || options.Has('s');
        char end = options.Has('z') ? '\0' : '\n';
        List<(string Name, string Text)> texts = [];
        foreach (string name in operands.Count == 0 ? ["-"] : operands)
        {
            await i.GiveWayAsync(texts.Sum(text => (long)text.Text.Length));
            if (name is "-" && !isInPlace)
            {
                texts.Add((name, Encoding.Latin1.GetString(await i.Streams.Input.ReadAllAsync(i.Cancellation))));
            }
            else if (i.Read(name, out byte[] content) is var error && error == FileError.None)
            {
                texts.Add((name, Encoding.Latin1.GetString(content)));
            }
            else
            {
                status = await i.FailAsync(error == FileError.IsFolder ? isInPlace ? $"couldn't edit {name}: not a regular file" : $"couldn't read {name}: Is a directory" : $"can't read {name}: {error.Text()}", 2);
            }
        }

        // Files that are not separate are one text.
        if (!isSeparate && texts.Count > 1)
        {
            texts = [(texts[0].Name, string.Concat(texts.Select((text, at) => texts.Skip(at + 1).Any(next => next.Text.Length > 0) && text.Text.Length > 0 && !text.Text.EndsWith(end) ? text.Text + end : text.Text)))];
        }

        foreach ((string name, string text) in texts)
        {
            machine.FileName = name;
            if (isSeparate)
            {
                machine.Restart();
            }

            string made = await machine.RunAsync(text, end, isLast: true, i.Cancellation);
            if (!isInPlace)
            {
                await i.PrintAsync(made);
            }
            else
            {
                Write(i, suffix is { Length: > 0 } ? name + suffix : null, text);
                status = Math.Max(status, await StoreAsync(i, name, made));
            }

            if (machine.HasQuit && machine.Status != 0)
            {
                break;
            }

            machine.Resume(isSeparate);
        }

        foreach ((string file, StringBuilder written) in machine.Files)
        {
            status = Math.Max(status, await StoreAsync(i, file, written.ToString()));
        }

        return machine.Status != 0 ? machine.Status : status;
    }

    private static void Write(Invocation i, string? name, string text)
    {
        if (name is not null)
        {
            i.Files.Write(i.State.Path(name), Encoding.Latin1.GetBytes(text), i.State.Visit.UserId, i.State.Visit.UserId);
        }
    }

    private static async ValueTask<int> StoreAsync(Invocation i, string name, string text)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(text);
        string path = i.State.Path(name);
        if (i.Files.Find(path) is { } node && !Access.MayWrite(node, i.State.Visit.UserId))
        {
            return await i.FailAsync($"couldn't open file {name}: Permission denied", 4);
        }

        FileError error = i.Files.Write(path, bytes, i.State.Visit.UserId, i.State.Visit.UserId);
        if (error != FileError.None)
        {
            return await i.FailAsync($"couldn't open file {name}: {error.Text()}", 4);
        }

        i.State.Log.Record(new Observation(ObservationKinds.Upload) { Name = path, Sha256 = i.State.Log.SaveFile(path, bytes), Size = bytes.Length, Method = "shell" });
        return 0;
    }
}
