namespace Blackwall.Classification.Embedded;

/// <summary>Names of the embedded model's features, in their order; each is 0..255, counts and sizes in eighths of a power of two, shares of 255.</summary>
internal static class EmbeddedWords
{
    /// <summary>What it takes a source for; how much, the percentage says.</summary>
    public const string Attacker = "attacker";

    public static readonly string[] Features =
    [
        "flowsOpened",
        "shareEstablished",
        "shareRefused",
        "distinctPorts",
        "distinctHosts",
        "bytesUpEach",
        "bytesDownEach",
        "shareOfBytesUp",
        "failedLogins",
        "errorAnswers",
        "gapSpread",
        "gapMilliseconds",
        "impossiblePackets",
        "shareOfShortFlows",
        "opaqueFlows",
        "fromInside",
    ];
}
