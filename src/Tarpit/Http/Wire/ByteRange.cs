using System.Globalization;

namespace Blackwall.Tarpit.Http.Wire;

/// <summary>A range of a representation, both ends included.</summary>
internal readonly record struct ByteRange(long First, long Last)
{
    private const int Most = 200;

    /// <summary>The ranges of a Range field (RFC 9110 §14.1.2) that a representation of some length has.</summary>
    /// <returns>Null: the field is to be ignored. Empty: none of them can be had.</returns>
    public static IReadOnlyList<ByteRange>? Read(string? field, long length)
    {
        if (field is null || !field.StartsWith("bytes=", StringComparison.Ordinal))
        {
            return null;
        }

        List<ByteRange> ranges = [];
        foreach (string part in field["bytes=".Length..].Split(','))
        {
            int dash = part.IndexOf('-', StringComparison.Ordinal);
            if (dash < 0 || ranges.Count == Most)
            {
                return null;
            }

            ReadOnlySpan<char> from = part.AsSpan(0, dash).Trim(), to = part.AsSpan(dash + 1).Trim();
            if (from.IsEmpty)
            {
                if (!TryParse(to, out long suffix))
                {
                    return null;
                }

                if (suffix > 0)
                {
                    ranges.Add(new ByteRange(Math.Max(0, length - suffix), length - 1));
                }

                continue;
            }

            if (!TryParse(from, out long first) || (!to.IsEmpty && !TryParse(to, out _)))
            {
                return null;
            }

            long last = to.IsEmpty ? length - 1 : Math.Min(length - 1, long.Parse(to, CultureInfo.InvariantCulture));
            if (!to.IsEmpty && long.Parse(to, CultureInfo.InvariantCulture) < first)
            {
                return null;
            }

            if (first < length)
            {
                ranges.Add(new ByteRange(first, last));
            }
        }

        return ranges;
    }

    private static bool TryParse(ReadOnlySpan<char> text, out long value) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
}
