using Blackwall.Api.Contracts;

namespace Blackwall.Fingerprints;

/// <summary>What an import did.</summary>
/// <param name="Imported">Entries made or replaced.</param>
public sealed record FingerprintImportBody(int Imported) : IStorable
{
    /// <summary>Whether the change is on the disk; false: the disk refuses, and it is tried until it does not.</summary>
    public bool Stored { get; set; } = true;
}
