using System.Globalization;
using Blackwall.Pipeline.Model;

namespace Blackwall.Fingerprints;

/// <summary>What fingerprints show, and how it reads.</summary>
internal static class FingerprintFindings
{
    public static readonly Finding KnownClient = new("known-client", f =>
        string.Create(CultureInfo.InvariantCulture, $"its client looks like {f.Client} ({f.Category}, confidence {f.Confidence}): {f.FingerprintKind} {f.Fingerprint}"));

    public static IReadOnlyList<Finding> All { get; } = [KnownClient];
}
