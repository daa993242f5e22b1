using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;

namespace Blackwall.Fingerprints;

/// <summary>The remembered fingerprints of a source, with what the database calls them.</summary>
internal sealed class NamedClients(FingerprintBook book, FingerprintDatabase database) : ISourceClients
{
    public IReadOnlyList<SourceClient> Find(Address source) => [.. book.Find(source).Select(Named)];

    private SourceClient Named(SeenFingerprint seen)
    {
        FingerprintEntry? known = database.Find(seen.Kind, seen.Value);
        return new SourceClient(
            FingerprintWords.For(seen.Kind), seen.Value, known?.Label, known is null ? null : FingerprintWords.For(known.Category), known?.Confidence, seen.First, seen.Last, seen.Count);
    }
}
