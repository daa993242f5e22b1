using System.Globalization;

namespace Blackwall.Tarpit.World.State;

/// <summary>Lines that a visitor's own acts left in the logs of the system. The newest are kept, with what else he set.</summary>
internal static class VisitorLines
{
    private const string Kept = "log:";
    private const int Most = 100, Longest = 1024, MostCharacters = 24 * 1024;

    /// <summary>Writes a line; what is too old makes room.</summary>
    /// <param name="log">"auth.log" or "syslog".</param>
    /// <param name="program">With its number: "useradd[2412]".</param>
    public static void Add(MachineState state, string log, string program, string text)
    {
        IReadOnlyList<KeyValuePair<string, string>> before = state.Kept.Below(Kept);
        int characters = before.Sum(line => line.Value.Length);
        for (int n = 0; n < before.Count && (before.Count - n >= Most || characters > MostCharacters); n++)
        {
            characters -= before[n].Value.Length;
            state.Kept.TrySet(Kept + before[n].Key, null);
        }

        long ticks = state.Machine.Now.UtcTicks;
        while (state.Kept.Get(Name(ticks)) is not null)
        {
            ticks += TimeSpan.TicksPerMicrosecond;
        }

        state.Kept.TrySet(Name(ticks), $"{log}\t{program}\t{text[..Math.Min(text.Length, Longest)]}");
    }

    public static IEnumerable<(DateTimeOffset When, string Program, string Text)> Of(MachineState state, string log) =>
        from line in state.Kept.Below(Kept)
        let parts = line.Value.Split('\t', 3)
        where parts.Length == 3 && string.Equals(parts[0], log, StringComparison.Ordinal) && long.TryParse(line.Key, NumberStyles.None, CultureInfo.InvariantCulture, out _)
        select (new DateTimeOffset(long.Parse(line.Key, CultureInfo.InvariantCulture), TimeSpan.Zero), parts[1], parts[2]);

    private static string Name(long ticks) => string.Create(CultureInfo.InvariantCulture, $"{Kept}{ticks:D19}");
}
