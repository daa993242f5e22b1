using System.Buffers;
using System.Text;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Shell.Commands;

namespace Blackwall.Tarpit.Shell.Awk;

/// <summary>awk(1): -F, -v, -f and -- of POSIX. It behaves as mawk, which Ubuntu has.</summary>
internal static class AwkCommand
{
    private const int LongestProgram = 256 * 1024;
    private static readonly SearchValues<char> NameLetters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");

    public static async ValueTask<int> RunAsync(Invocation i)
    {
        AwkVariables variables = new(i.State.Budget.Memory);
        StringBuilder program = new();
        bool hasFile = false;
        int at = 0;
        for (; at < i.Arguments.Count && i.Arguments[at] is ['-', not '\0', ..] option; at++)
        {
            if (option is "--")
            {
                at++;
                break;
            }

            if (option[1] is not ('F' or 'v' or 'f'))
            {
                return option is "--version" or "-W" ? await SystemCommands.PrintAsync(i, "mawk 1.3.4 20240123\nCopyright 2008-2023,2024, Thomas E. Dickey\nCopyright 1991-1996,2014, Michael D. Brennan\n") : await i.FailAsync($"not an option: {option}", 2);
            }

            string? value = option.Length > 2 ? option[2..] : ++at < i.Arguments.Count ? i.Arguments[at] : null;
            if (value is null)
            {
                return await i.FailAsync($"option requires an argument -- {option[1]}", 2);
            }

            switch (option[1])
            {
                case 'F':
                    variables.Set("FS", AwkValue.Of(value is "t" ? "\t" : Escapes.Decode(value)));
                    break;
                case 'v' when Assignment(value) is { } set:
                    variables.Set(set.Name, AwkValue.OfInput(set.Value));
                    break;
                case 'f' when value is "-" or "/dev/stdin":
                    program.Append(Encoding.Latin1.GetString(await i.Streams.Input.ReadAllAsync(i.Cancellation))).Append('\n');
                    hasFile = true;
                    break;
                case 'f' when i.Read(value, out byte[] content) is var error:
                    if (error != FileError.None)
                    {
                        return await i.FailAsync($"cannot open \"{value}\" ({error.Text()})", 2);
                    }

                    program.Append(Encoding.Latin1.GetString(content)).Append('\n');
                    hasFile = true;
                    break;
                default:
                    return await i.FailAsync($"improper assignment: -v {value}", 2);
            }
        }

        if (!hasFile)
        {
            if (at >= i.Arguments.Count)
            {
                await i.Streams.Error.WriteAsync("Usage: mawk [Options] [Program] [file ...]\n", i.Cancellation);
                return 0;
            }

            program.Append(i.Arguments[at++]);
        }

        return await RunAsync(i, program.ToString(0, Math.Min(program.Length, LongestProgram)), variables, [.. i.Arguments.Skip(at)]);
    }

    /// <summary>"name=value"; null: it is none.</summary>
    public static (string Name, string Value)? Assignment(string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals > 0 && (char.IsAsciiLetter(text[0]) || text[0] == '_') && text.AsSpan(0, equals).IndexOfAnyExcept(NameLetters) < 0
            ? (text[..equals], Escapes.Decode(text[(equals + 1)..])) : null;
    }

    private static async ValueTask<int> RunAsync(Invocation i, string text, AwkVariables variables, IReadOnlyList<string> operands)
    {
        Dictionary<string, AwkValue> environment = variables.Array("ENVIRON");
        foreach (string name in i.State.Exported)
        {
            variables.Put(environment, name, AwkValue.OfInput(i.State.Get(name)));
        }

        Dictionary<string, AwkValue> arguments = variables.Array("ARGV");
        variables.Put(arguments, "0", AwkValue.Of("awk"));
        for (int n = 0; n < operands.Count; n++)
        {
            variables.Put(arguments, AwkVariables.Decimal(n + 1), AwkValue.OfInput(operands[n]));
        }

        variables.Set("ARGC", AwkValue.Of(operands.Count + 1));
        AwkStreams streams = new(i, variables);
        streams.Begin(operands);
        try
        {
            return await new AwkMachine(AwkParser.Parse(text), variables, streams, i.State.Budget, i.Machine.Time, i.Cancellation).RunAsync();
        }
        catch (Exception failure) when (failure is AwkSyntaxException or AwkFailureException)
        {
            await streams.FlushAsync();
            await i.Streams.Error.WriteAsync(failure.Message + "\n", i.Cancellation);
            return 2;
        }
    }
}
