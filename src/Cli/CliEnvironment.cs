namespace Blackwall.Cli;

/// <summary>The environment that the command line heeds; options win over it.</summary>
internal static class CliEnvironment
{
    public static IReadOnlyList<(string Name, string Meaning)> All { get; } =
    [
        ("BLACKWALL_API", "where the control plane is, as --api"),
        ("BLACKWALL_KEY", "the key itself, in place of --key-file"),
        ("BLACKWALL_CA_FILE", "certificates of the authorities that https is trusted by, as --ca-file"),
    ];
}
