using Blackwall.Config;

namespace Blackwall.Licensing;

/// <summary>[license]: where the licence lies.</summary>
public sealed class LicenseOptions
{
    /// <summary>A licence file; empty: the one that was put over the API, blackwall.lic in the state folder.</summary>
    public string File { get; set; } = "";

    /// <summary>A signed list of licences that do not count any more; empty: none.</summary>
    public string Revocations { get; set; } = "";

    public static IReadOnlyList<IConfigSection> Declare() =>
    [
        new ConfigSection<LicenseOptions>("license", "Where the licence lies.", new LicenseOptions())
            .Text("file", "Absolute path of a licence file; empty: the one that was put over the API.", o => o.File, (o, v) =>
            {
                o.File = v;
                return IsPath(v) ? null : "is an absolute path, or empty";
            })
            .Text("revocations", "Absolute path of a signed list of licences that do not count any more; empty: none.", o => o.Revocations, (o, v) =>
            {
                o.Revocations = v;
                return IsPath(v) ? null : "is an absolute path, or empty";
            }),
    ];

    private static bool IsPath(string text) => text.Length == 0 || (text.StartsWith('/') && text.Length <= 1024);
}
