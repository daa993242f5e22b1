using System.Globalization;
using Blackwall.Tarpit.Shell.Text;
using Blackwall.Tarpit.World.State;

namespace Blackwall.Tarpit.Shell.Commands;

/// <summary>logger(1): writes lines into the machine's logs, as rsyslog would.</summary>
internal static class LoggerCommand
{
    private const int LongestLine = 1024;
    private const int MostLines = 256;
    private static readonly Dictionary<string, char> LongNames = new(StringComparer.Ordinal) { ["tag"] = 't', ["priority"] = 'p', ["file"] = 'f', ["stderr"] = 's', ["id"] = 'i', ["size"] = 'S', ["no-act"] = 'N' };

    public static async ValueTask<int> RunAsync(Invocation i)
    {
        OptionParsing options = new(i.Arguments, "t:p:f:siS:", LongNames);
        if (options.Error is { } error)
        {
            return await Lines.InvalidOptionAsync(i, error);
        }

        string text = string.Join(' ', options.Operands);
        if (options.Operands.Count == 0)
        {
            if (await Lines.ReadAsync(i, options.Value('f') ?? "-") is not { } read)
            {
                return 1;
            }

            text = read;
        }

        string tag = (options.Value('t') ?? i.State.Visit.UserName) + (options.Has('i') ? $"[{i.State.Visit.Memory.NextProcess().ToString(CultureInfo.InvariantCulture)}]" : "");
        foreach (string line in text.TrimEnd('\n').Split('\n').Where(line => line.Length > 0).Take(MostLines))
        {
            string shown = line[..Math.Min(line.Length, LongestLine)];
            if (!options.Has('N'))
            {
                VisitorLines.Add(i.State.Visit.Memory, options.Value('p') is { } priority && priority.StartsWith("auth", StringComparison.Ordinal) ? "auth.log" : "syslog", tag, shown);
            }

            if (options.Has('s'))
            {
                await i.Streams.Error.WriteAsync($"<13>{i.Machine.Now.ToString("MMM dd HH:mm:ss", CultureInfo.InvariantCulture)} {tag}: {shown}\n", i.Cancellation);
            }
        }

        return 0;
    }
}
