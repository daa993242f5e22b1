using Blackwall.Tarpit.Shell.Commands;

namespace Blackwall.Tarpit.Shell.Text;

/// <summary>date(1).</summary>
internal static class DateCommand
{
    private static readonly Dictionary<string, char> LongNames = new(StringComparer.Ordinal) { ["date"] = 'd', ["utc"] = 'u', ["universal"] = 'u', ["reference"] = 'r', ["rfc-email"] = 'R', ["iso-8601"] = 'I', ["rfc-3339"] = '3', ["set"] = 's', ["file"] = 'f' };

    public static async ValueTask<int> RunAsync(Invocation i)
    {
        // -I has its value in the same word, or none.
        OptionParsing options = new([.. i.Arguments.Select(argument => argument.StartsWith("-I", StringComparison.Ordinal) ? "--iso-8601=" + argument[2..] : argument is "--iso-8601" ? "--iso-8601=" : argument)], "d:ur:RI:3:s:f:", LongNames, isMixed: true);
        if (options.Error is { } error)
        {
            return await Lines.InvalidOptionAsync(i, error);
        }

        DateTimeOffset time = i.Machine.Now.ToUniversalTime();
        if (options.Value('r') is { } file)
        {
            if (i.Files.Find(i.State.Path(file)) is not { } node)
            {
                return await i.FailAsync($"{file}: No such file or directory");
            }

            time = node.Modified.ToUniversalTime();
        }
        else if ((options.Value('d') ?? options.Value('s')) is { } text)
        {
            if (Dates.Parse(text.Length == 0 ? "00:00" : text, time) is not { } parsed)
            {
                return await i.FailAsync(Characters.ToBytes($"invalid date ‘{text}’"));
            }

            time = parsed;
        }

        if (options.Has('s') && i.State.Visit.UserId != 0)
        {
            return await i.FailAsync("cannot set date: Operation not permitted");
        }

        string? format = options.Operands.FirstOrDefault(operand => operand.StartsWith('+'))?[1..];
        if (format is null && options.Operands.Count > 0 && !options.Operands[0].All(char.IsAsciiDigit))
        {
            return await i.FailAsync(Characters.ToBytes($"invalid date ‘{options.Operands[0]}’"));
        }

        format ??= options.Has('R') ? "%a, %d %b %Y %H:%M:%S %z"
            : options.Value('I') is { } iso ? iso switch { "s" or "seconds" => "%Y-%m-%dT%H:%M:%S%:z", "m" or "minutes" => "%Y-%m-%dT%H:%M%:z", "h" or "hours" => "%Y-%m-%dT%H%:z", "n" or "ns" => "%Y-%m-%dT%H:%M:%S,%N%:z", _ => "%Y-%m-%d" }
            : options.Value('3') is { } rfc ? rfc switch { "date" => "%Y-%m-%d", "ns" => "%Y-%m-%d %H:%M:%S.%N%:z", _ => "%Y-%m-%d %H:%M:%S%:z" }
            : "%a %b %e %H:%M:%S %Z %Y";
        await i.PrintAsync(Dates.Format(format, time) + "\n");
        return 0;
    }
}
