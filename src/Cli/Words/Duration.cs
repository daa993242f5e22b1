using System.Globalization;

namespace Blackwall.Cli.Words;

/// <summary>Lengths of time, written alike in every verb: 90s, 15m, 1h30m, 7d, and "never" where there need be no end.</summary>
internal static class Duration
{
    /// <summary>Ten years: the longest that the API takes.</summary>
    private const long Longest = 315_360_000;

    private static readonly (char Unit, long Seconds)[] Units = [('d', 86_400), ('h', 3600), ('m', 60), ('s', 1)];

    /// <summary>Seconds, 1..315,360,000; larger units first and each at most once.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out long seconds)
    {
        seconds = 0;
        int unit = 0;
        while (!text.IsEmpty)
        {
            int digits = text.IndexOfAnyExceptInRange('0', '9');
            if (digits is < 1 or > 9)
            {
                return false;
            }

            char letter = text[digits];
            int found = Array.FindIndex(Units, unit, known => known.Unit == letter);
            if (found < 0)
            {
                return false;
            }

            seconds += long.Parse(text[..digits], CultureInfo.InvariantCulture) * Units[found].Seconds;
            unit = found + 1;
            text = text[(digits + 1)..];
        }

        return seconds is > 0 and <= Longest;
    }

    /// <summary>"1h30m", as it can be typed; the two largest units.</summary>
    public static string Text(TimeSpan span)
    {
        long rest = Math.Max(0, (long)span.TotalSeconds);
        List<string> parts = [];
        foreach ((char unit, long seconds) in Units)
        {
            if (rest >= seconds && parts.Count < 2)
            {
                parts.Add(string.Create(CultureInfo.InvariantCulture, $"{rest / seconds}{unit}"));
                rest %= seconds;
            }
            else if (parts.Count == 1)
            {
                break;
            }
        }

        return parts.Count == 0 ? "0s" : string.Concat(parts);
    }
}
