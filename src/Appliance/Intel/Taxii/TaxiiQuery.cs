using System.Globalization;
using Blackwall.Pipeline.Indicators;
using Blackwall.Intel.Stix;
using Microsoft.Extensions.Primitives;

namespace Blackwall.Intel.Taxii;

/// <summary>Reads the parameters of a request (TAXII 2.1 section 3.4). Pure.</summary>
internal static class TaxiiQuery
{
    private const int MaxIds = 1000;
    private const int MaxTypes = 64;
    private const int MaxVersions = 100;

    /// <summary>The filter that is meant; else one sentence that says what is wrong.</summary>
    /// <param name="query">As it was sent.</param>
    /// <param name="most">Most objects of a page.</param>
    /// <param name="filter">What is asked for.</param>
    public static string? Read(IQueryCollection query, int most, out ObjectFilter filter)
    {
        filter = new ObjectFilter { Limit = Math.Min(100, most) };
        foreach ((string name, StringValues values) in query)
        {
            if (values.Count != 1)
            {
                return $"{name} is given more than once.";
            }

            string text = values[0] ?? "";
            string? wrong = name switch
            {
                "limit" => Limit(text, most, ref filter),
                "next" => Next(text, ref filter),
                "added_after" => AddedAfter(text, ref filter),
                "match[id]" => Ids(text, ref filter),
                "match[type]" => Types(text, ref filter),
                "match[version]" => Versions(text, ref filter),
                "match[spec_version]" => SpecVersion(text, ref filter),
                _ when name.StartsWith("match[", StringComparison.Ordinal) => $"{name} is no filter of this server; there are match[id], match[type], match[version] and match[spec_version].",
                _ => null,
            };
            if (wrong is not null)
            {
                return wrong;
            }
        }

        return null;
    }

    /// <summary>How the place after an object is written, for the next page.</summary>
    public static string Token(long added) => added.ToString("x", CultureInfo.InvariantCulture);

    /// <summary>Reads it.</summary>
    public static bool TryToken(string text, out long added)
    {
        added = 0;
        return text.Length is > 0 and <= 15 && long.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out added);
    }

    private static string? Limit(string text, int most, ref ObjectFilter filter)
    {
        if (text.Length is 0 or > 18 || !long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long limit) || limit == 0)
        {
            return "limit is a whole number above 0.";
        }

        filter = filter with { Limit = (int)Math.Min(limit, most) };
        return null;
    }

    private static string? Next(string text, ref ObjectFilter filter)
    {
        if (!TryToken(text, out long after))
        {
            return "next is what the page before said.";
        }

        filter = filter with { After = Math.Max(filter.After, after) };
        return null;
    }

    private static string? AddedAfter(string text, ref ObjectFilter filter)
    {
        if (!StixTime.TryParse(text, out long after))
        {
            return "added_after is a time like 2026-01-31T12:00:00.000000Z.";
        }

        filter = filter with { After = Math.Max(filter.After, after) };
        return null;
    }

    private static string? Ids(string text, ref ObjectFilter filter)
    {
        string[] texts = text.Split(',');
        if (texts.Length > MaxIds)
        {
            return string.Create(CultureInfo.InvariantCulture, $"match[id] takes at most {MaxIds} identifiers.");
        }

        List<(string, Guid)> ids = [];
        foreach (string one in texts.Distinct(StringComparer.Ordinal))
        {
            // What is no identifier is the identifier of nothing.
            if (StixId.TryParse(one.Trim(), out string type, out Guid id))
            {
                ids.Add((type, id));
            }
        }

        filter = filter with { Ids = ids };
        return null;
    }

    private static string? Types(string text, ref ObjectFilter filter)
    {
        string[] types = [.. text.Split(',', StringSplitOptions.TrimEntries).Distinct(StringComparer.Ordinal)];
        filter = filter with { Types = types };
        return types.Length > MaxTypes ? string.Create(CultureInfo.InvariantCulture, $"match[type] takes at most {MaxTypes} types.") : null;
    }

    private static string? Versions(string text, ref ObjectFilter filter)
    {
        string[] words = text.Split(',', StringSplitOptions.TrimEntries);
        List<long> versions = [];
        filter = filter with { Last = false };
        foreach (string word in words)
        {
            switch (word)
            {
                case "last":
                    filter = filter with { Last = true };
                    break;
                case "first":
                    filter = filter with { First = true };
                    break;
                case "all":
                    filter = filter with { AllVersions = true };
                    break;
                default:
                    if (!StixTime.TryParse(word, out long version) || versions.Count == MaxVersions)
                    {
                        return "match[version] is a list of last, first, all and times like 2026-01-31T12:00:00.000Z.";
                    }

                    versions.Add(version);
                    break;
            }
        }

        filter = filter with { Versions = versions };
        return null;
    }

    private static string? SpecVersion(string text, ref ObjectFilter filter)
    {
        filter = filter with { IsEmpty = filter.IsEmpty || !text.Split(',', StringSplitOptions.TrimEntries).Contains("2.1", StringComparer.Ordinal) };
        return null;
    }
}
