using System.Globalization;
using Blackwall.Pipeline.Model;

namespace Blackwall.Rules;

/// <summary>Reads lists of addresses and prefixes: one a line, '#' or ';' begins a comment, empty lines count for nothing. Pure.</summary>
public static class Netset
{
    /// <summary>Most errors reported of one list.</summary>
    public const int MaxErrors = 100;

    /// <summary>Distinct scopes with their line numbers (from 1), and what is wrong with each line that is wrong.</summary>
    public static (List<Prefix> Scopes, List<int> Lines, List<(int Line, string Error)> Errors) Parse(ReadOnlySpan<char> text, int maxScopes)
    {
        List<Prefix> scopes = [];
        List<int> lines = [];
        List<(int Line, string Error)> errors = [];
        HashSet<Prefix> seen = [];
        int number = 0;
        foreach (ReadOnlySpan<char> raw in text.EnumerateLines())
        {
            number++;
            ReadOnlySpan<char> line = raw;
            int comment = line.IndexOfAny('#', ';');
            line = (comment < 0 ? line : line[..comment]).Trim();
            if (line.IsEmpty)
            {
                continue;
            }

            if (!Prefix.TryParse(line, out Prefix scope, out string? error))
            {
                errors.Add((number, error!));
            }
            else if (scopes.Count == maxScopes)
            {
                errors.Add((number, string.Create(CultureInfo.InvariantCulture, $"More than {maxScopes} entries.")));
                break;
            }
            else if (seen.Add(scope))
            {
                scopes.Add(scope);
                lines.Add(number);
            }

            if (errors.Count == MaxErrors)
            {
                break;
            }
        }

        return (scopes, lines, errors);
    }
}
