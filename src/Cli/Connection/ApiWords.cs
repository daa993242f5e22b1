namespace Blackwall.Cli.Connection;

/// <summary>Closed lists of words that the API speaks; a test holds them against its description.</summary>
internal static class ApiWords
{
    public static readonly string[] Verdicts = ["pass", "rate-limit", "redirect", "drop"];

    public static readonly string[] Origins = ["guard", "operator", "local", "model", "mesh", "feed"];
}
