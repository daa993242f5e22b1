using System.Globalization;

namespace Blackwall.Benchmarks.Detection;

/// <summary>Argus binetflow: a line of names, then comma or tab between.</summary>
internal static class ArgusLog
{
    public static IEnumerable<LoggedFlow> Read(IEnumerable<string> lines)
    {
        foreach (string line in lines.Skip(1))
        {
            string[] fields = line.Split(line.Contains('\t', StringComparison.Ordinal) ? '\t' : ',');
            if (fields.Length < 13
                || !Starts(fields[0], "yyyy/MM/dd HH:mm:ss.ffffff", out DateTime start) && !Starts(fields[0], "yyyy-MM-dd HH:mm:ss.ffffff", out start)
                || !int.TryParse(fields[4], CultureInfo.InvariantCulture, out int sourcePort) || !int.TryParse(fields[7], CultureInfo.InvariantCulture, out int port))
            {
                continue;
            }

            string state = fields[8];
            _ = double.TryParse(fields[1], CultureInfo.InvariantCulture, out double seconds);
            _ = long.TryParse(fields[12], CultureInfo.InvariantCulture, out long total);
            long up = fields.Length > 13 && long.TryParse(fields[13], CultureInfo.InvariantCulture, out long said) ? said : total / 2;
            bool answered = state.Contains('_', StringComparison.Ordinal) ? state.Split('_')[1].Contains('S', StringComparison.Ordinal) : state is "CON" or "FIN" or "EST" or "SF";
            yield return new((start - DateTime.UnixEpoch).TotalSeconds, fields[2], fields[3], sourcePort, fields[6], port, seconds, up, total - up, answered, state.Contains('R', StringComparison.Ordinal));
        }
    }

    private static bool Starts(string text, string format, out DateTime start) =>
        DateTime.TryParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out start);
}
