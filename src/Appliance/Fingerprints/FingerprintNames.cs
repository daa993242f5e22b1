namespace Blackwall.Fingerprints;

/// <summary>Makes one object of each distinct fingerprint; a known one costs no allocation. Bounded: when full, it begins anew. One owner.</summary>
internal sealed class FingerprintNames(int capacity)
{
    private readonly Dictionary<string, Fingerprint>[] _known = [.. Enum.GetValues<FingerprintKind>().Select(_ => new Dictionary<string, Fingerprint>(StringComparer.Ordinal))];

    /// <summary>How often it was full.</summary>
    public long Renewals { get; private set; }

    public Fingerprint Intern(FingerprintKind kind, ReadOnlySpan<char> value)
    {
        Dictionary<string, Fingerprint> known = _known[(int)kind];
        if (known.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(value, out Fingerprint? fingerprint))
        {
            return fingerprint;
        }

        if (known.Count >= capacity)
        {
            known.Clear();
            Renewals++;
        }

        fingerprint = new Fingerprint(kind, value.ToString());
        known.Add(fingerprint.Value, fingerprint);
        return fingerprint;
    }
}
