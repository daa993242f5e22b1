using System.Globalization;
using System.Text;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Shell.Text;

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
        StringBuilder lines = new();
        foreach (string line in text.TrimEnd('\n').Split('\n').Where(line => line.Length > 0).Take(MostLines))
        {
            string shown = line[..Math.Min(line.Length, LongestLine)];
            lines.Append(CultureInfo.InvariantCulture, $"{i.Machine.Now:yyyy-MM-ddTHH:mm:ss.ffffff}+00:00 {i.State.Visit.Memory.HostName} {tag}: {shown}\n");
            if (options.Has('s'))
            {
                await i.Streams.Error.WriteAsync($"<13>{i.Machine.Now.ToString("MMM dd HH:mm:ss", CultureInfo.InvariantCulture)} {tag}: {shown}\n", i.Cancellation);
            }
        }

        if (!options.Has('N'))
        {
            Append(i, options.Value('p') is { } priority && priority.StartsWith("auth", StringComparison.Ordinal) ? "/var/log/auth.log" : "/var/log/syslog", lines.ToString());
        }

        return 0;
    }

    // rsyslog writes, not the user: his own rights to the file do not count.
    private static void Append(Invocation i, string path, string lines)
    {
        if (lines.Length > 0 && i.Files.Read(path, out byte[] before) == FileError.None)
        {
            i.Files.Write(path, [.. before, .. Encoding.Latin1.GetBytes(lines)], 0, 0);
        }
    }
}
