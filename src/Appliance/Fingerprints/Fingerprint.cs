namespace Blackwall.Fingerprints;

/// <summary>A fingerprint that some client showed; one object for each value.</summary>
internal sealed class Fingerprint(FingerprintKind kind, string value)
{
    private (long Version, FingerprintEntry? Entry) _known = (-1, null);

    public FingerprintKind Kind => kind;

    public string Value => value;

    /// <summary>What the database says about it; asked again only when that has changed. One thread.</summary>
    public FingerprintEntry? In(FingerprintDatabase database)
    {
        long version = database.Version;
        if (_known.Version != version)
        {
            _known = (version, database.Find(kind, value));
        }

        return _known.Entry;
    }
}
