namespace Blackwall.Fingerprints;

/// <summary>The words of kinds and categories in API, files and evidence.</summary>
public static class FingerprintWords
{
    public static IReadOnlyDictionary<string, FingerprintKind> Kinds { get; } = new Dictionary<string, FingerprintKind>(StringComparer.Ordinal)
    {
        ["ja4"] = FingerprintKind.Ja4,
        ["hassh"] = FingerprintKind.Hassh,
        ["ssh-banner"] = FingerprintKind.SshBanner,
        ["tcp-syn"] = FingerprintKind.TcpSyn,
    };

    public static IReadOnlyDictionary<string, FingerprintCategory> Categories { get; } = new Dictionary<string, FingerprintCategory>(StringComparer.Ordinal)
    {
        ["browser"] = FingerprintCategory.Browser,
        ["library"] = FingerprintCategory.Library,
        ["tool"] = FingerprintCategory.Tool,
        ["scanner"] = FingerprintCategory.Scanner,
        ["malware"] = FingerprintCategory.Malware,
    };

    public static string For(FingerprintKind kind) => Kinds.First(pair => pair.Value == kind).Key;

    public static string For(FingerprintCategory category) => Categories.First(pair => pair.Value == category).Key;
}
