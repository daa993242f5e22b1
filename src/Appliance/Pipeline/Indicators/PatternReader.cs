using Blackwall.Pipeline.Model;

namespace Blackwall.Pipeline.Indicators;

/// <summary>
/// Reads the addresses out of a pattern that says nothing else: comparisons of ipv4-addr:value and ipv6-addr:value with =, IN or ISSUBSET, joined by OR.
/// A pattern that demands more than that cannot be a decision about addresses, and gives none. Pure.
/// </summary>
internal ref struct PatternReader
{
    private const int MaxScopes = 256;
    private ReadOnlySpan<char> _rest;
    private bool _isV4;

    /// <summary>The scopes; false: the pattern is not of this kind.</summary>
    public static bool TryRead(ReadOnlySpan<char> pattern, out IReadOnlyList<Prefix> scopes)
    {
        List<Prefix> found = [];
        scopes = found;
        PatternReader reader = new() { _rest = pattern };
        do
        {
            if (!reader.TryTake("[") || !reader.TryReadObservation(found) || !reader.TryTake("]"))
            {
                return false;
            }
        }
        while (reader.TryTake("OR"));
        return reader._rest.Trim().IsEmpty && found.Count is > 0 and <= MaxScopes;
    }

    private bool TryReadObservation(List<Prefix> found)
    {
        do
        {
            if (!TryReadComparison(found) || found.Count > MaxScopes)
            {
                return false;
            }
        }
        while (TryTake("OR"));
        return true;
    }

    private bool TryReadComparison(List<Prefix> found)
    {
        _isV4 = TryTake("ipv4-addr:value");
        if (!_isV4 && !TryTake("ipv6-addr:value"))
        {
            return false;
        }

        if (!TryTake("IN"))
        {
            return (TryTake("=") || TryTake("ISSUBSET")) && TryReadScope(found);
        }

        if (!TryTake("("))
        {
            return false;
        }

        do
        {
            if (found.Count > MaxScopes || !TryReadScope(found))
            {
                return false;
            }
        }
        while (TryTake(","));
        return TryTake(")");
    }

    private bool TryReadScope(List<Prefix> found)
    {
        _rest = _rest.TrimStart();
        int end = _rest.Length > 1 && _rest[0] is '\'' ? _rest[1..].IndexOf('\'') : -1;
        if (end < 0 || !Prefix.TryParse(_rest.Slice(1, end), out Prefix scope) || scope.IsV4 != _isV4)
        {
            return false;
        }

        found.Add(scope);
        _rest = _rest[(end + 2)..];
        return true;
    }

    private bool TryTake(string word)
    {
        ReadOnlySpan<char> trimmed = _rest.TrimStart();
        if (!trimmed.StartsWith(word, StringComparison.Ordinal))
        {
            return false;
        }

        _rest = trimmed[word.Length..];
        return true;
    }
}
