using Blackwall.Config;
using Blackwall.Intel.Stix;
using Blackwall.Pipeline.Model;

namespace Blackwall.Intel;

/// <summary>[intel]: what of the appliance's knowledge others may have, and how it is marked.</summary>
public sealed class IntelOptions
{
    private const int MaxPrefixes = 256;

    /// <summary>Name of the appliance in what it publishes; 1..128 characters.</summary>
    public string Name { get; set; } = "Blackwall";

    /// <summary>How clients reach the appliance when a proxy stands before it, for addresses in answers; empty: as they asked.</summary>
    public string PublicUrl { get; set; } = "";

    /// <summary>Marking of what is published.</summary>
    internal Tlp Tlp { get; set; } = Tlp.Green;

    /// <summary>Whether the operator's own blocks are published, beside those of this appliance's detection.</summary>
    public bool OperatorRules { get; set; } = true;

    /// <summary>Whether private addresses (RFC 1918, RFC 4193, RFC 6598) may be published, as STIX and over TAXII. The mesh never takes private or documentation addresses.</summary>
    public bool PrivateAddresses { get; set; }

    /// <summary>Prefixes of which nothing is ever published: networks of one's own and of customers.</summary>
    public IReadOnlyList<Prefix> NeverShare { get; set; } = [];

    /// <summary>What is less sure is not published; 0..100.</summary>
    public int MinConfidence { get; set; } = 30;

    /// <summary>How long evidence without a decision is valid; 1..8760 hours.</summary>
    public int ValidityHours { get; set; } = 24;

    /// <summary>STIX objects that are kept, all versions counted; the oldest make room. 1,000..20,000,000.</summary>
    public int MaxObjects { get; set; } = 1_000_000;

    /// <summary>Versions of an object that are kept beside the first one; 1..100.</summary>
    public int MaxVersions { get; set; } = 10;

    /// <summary>What indicators of partners do.</summary>
    internal PartnerAction PartnerAction { get; set; } = PartnerAction.Limit;

    /// <summary>Bytes of all objects that one key may add, MiB; 1..10,240.</summary>
    public int PartnerMegabytes { get; set; } = 64;

    public static IReadOnlyList<IConfigSection> Declare() =>
    [
        new ConfigSection<IntelOptions>("intel", "What of the knowledge of this appliance others may have, and how it is marked.", new IntelOptions())
            .Text("name", "Name of the appliance in what it publishes; 1..128 characters.", o => o.Name, (o, v) =>
            {
                o.Name = v;
                return v.Length is > 0 and <= 128 && !v.Any(char.IsControl) ? null : "is 1..128 printable characters";
            })
            .Text("public_url", "How clients reach the appliance when a proxy stands before it, http://HOST or https://HOST; empty: as they asked.", o => o.PublicUrl, (o, v) =>
            {
                o.PublicUrl = v.TrimEnd('/');
                return v.Length == 0 || (Uri.TryCreate(v, UriKind.Absolute, out Uri? url) && url.Scheme is "http" or "https" && url.Query.Length == 0 && url.UserInfo.Length == 0) ? null : "is http://HOST or https://HOST, or empty";
            })
            .Choice("tlp", "Traffic light marking of what is published.", o => o.Tlp, (o, v) => o.Tlp = v)
            .Flag("operator_rules", "Whether the operator's own blocks are published, beside those of this appliance's detection.", o => o.OperatorRules, (o, v) => o.OperatorRules = v)
            .Flag("private_addresses", "Whether private addresses (RFC 1918, RFC 4193, RFC 6598) may be published.", o => o.PrivateAddresses, (o, v) => o.PrivateAddresses = v)
            .List("never_share", "Prefixes of which nothing is ever published: own networks and those of customers; at most 256.", o => [.. o.NeverShare.Select(prefix => prefix.ToString())], SetNeverShare)
            .Integer("min_confidence", "What is less sure is not published.", 0, 100, o => o.MinConfidence, (o, v) => o.MinConfidence = (int)v)
            .Integer("validity_hours", "Hours for which evidence without a decision is valid.", 1, 8760, o => o.ValidityHours, (o, v) => o.ValidityHours = (int)v)
            .Integer("max_objects", "STIX objects that are kept, all versions counted; the oldest make room.", 1_000, 20_000_000, o => o.MaxObjects, (o, v) => o.MaxObjects = (int)v)
            .Choice("partner_action", "What an indicator that a partner adds over TAXII does to its addresses: keep: it is kept and nothing else; limit: they are limited by challenge; drop: they are blocked.", o => o.PartnerAction, (o, v) => o.PartnerAction = v)
            .Integer("partner_megabytes", "MiB that the objects of one key may take up.", 1, 10_240, o => o.PartnerMegabytes, (o, v) => o.PartnerMegabytes = (int)v)
            .Integer("max_versions", "Versions of an object that are kept beside the first one.", 1, 100, o => o.MaxVersions, (o, v) => o.MaxVersions = (int)v),
    ];

    private static string? SetNeverShare(IntelOptions options, IReadOnlyList<string> texts)
    {
        List<Prefix> prefixes = [];
        foreach (string text in texts)
        {
            if (texts.Count > MaxPrefixes || !Prefix.TryParse(text, out Prefix prefix))
            {
                return $"is a list of at most {MaxPrefixes} addresses or prefixes";
            }

            prefixes.Add(prefix);
        }

        options.NeverShare = prefixes;
        return null;
    }
}
