using System.Globalization;

using Blackwall.Pipeline.Indicators;
namespace Blackwall.Intel.Stix;

/// <summary>
/// The STIX objects of an indicator: itself, what it was seen as (observables, observed data), how often (a sighting), and what it shows (relationships
/// to attack patterns, infrastructure). Pure and deterministic: the same indicator gives the same bytes.
/// </summary>
internal sealed class IndicatorObjects(StixPublisher publisher, Tlp tlp)
{
    /// <summary>What has to be published of it.</summary>
    /// <param name="indicator">As it stands.</param>
    /// <param name="isChanged">The indicator itself has a new version.</param>
    /// <param name="tellsSightings">Its sightings have.</param>
    public IReadOnlyList<StixObject> Of(Indicator indicator, bool isChanged, bool tellsSightings)
    {
        Guid id = publisher.IndicatorUuid(indicator.Kind, indicator.Value, indicator.Generation);
        string name = StixId.Text("indicator", id);
        List<StixObject> objects = [];
        List<(string Id, StixObject Body)> observables = Observables(indicator);
        if (isChanged)
        {
            objects.Add(Indicator(indicator, id));
            objects.AddRange(observables.Select(observable => observable.Body));
            objects.AddRange(indicator.Reasons.Select(AttackPattern.Of).OfType<AttackPattern>().DistinctBy(pattern => pattern.Technique, StringComparer.Ordinal).Select(pattern => Relationship(indicator, name, pattern.Id)));
            if (Infrastructure(indicator) is { } infrastructure)
            {
                objects.Add(infrastructure);
                objects.Add(Relationship(indicator, name, StixId.Text(infrastructure.Type, infrastructure.Id)));
            }
        }

        if (tellsSightings && observables.Count > 0)
        {
            objects.AddRange(Sighting(indicator, id, name, [.. observables.Select(observable => observable.Id)]));
        }

        return objects;
    }

    private StixObject Indicator(Indicator indicator, Guid id) => StixJson.Domain("indicator", id, publisher.IdentityId, indicator.Created, indicator.Modified, tlp: tlp, revoked: indicator.Revoked, rest: json =>
    {
        json.WriteString("name", indicator.Reasons.Count == 0 ? indicator.Value : $"{indicator.Value} ({string.Join(", ", indicator.Reasons)})");
        StixJson.List(json, "indicator_types", IsControl(indicator) ? ["malicious-activity", "anomalous-activity"] : ["malicious-activity"]);
        json.WriteString("pattern", StixPattern.Of(indicator.Kind, indicator.Value));
        json.WriteString("pattern_type", "stix");
        json.WriteString("pattern_version", "2.1");
        json.WriteString("valid_from", StixTime.Text(indicator.ValidFrom));
        if (indicator.ValidUntil is { } until)
        {
            json.WriteString("valid_until", StixTime.Text(until));
        }

        StixJson.List(json, "labels", [.. indicator.Reasons, $"source:{indicator.Source}"]);
        json.WriteNumber("confidence", indicator.Confidence);
        if (indicator.DecisionId != 0)
        {
            StixConstants.References(json, "blackwall", string.Create(CultureInfo.InvariantCulture, $"decision-{indicator.DecisionId}"), url: null);
        }
    });

    private StixObject Relationship(Indicator indicator, string from, string target) => StixJson.Domain(
        "relationship", StixId.Create(publisher.Space, $"relationship|{from}|indicates|{target}"), publisher.IdentityId, indicator.Created, indicator.Created, tlp: tlp, rest: json =>
        {
            json.WriteString("relationship_type", "indicates");
            json.WriteString("source_ref", from);
            json.WriteString("target_ref", target);
        });

    private StixObject? Infrastructure(Indicator indicator) => !IsControl(indicator) ? null : StixJson.Domain(
        "infrastructure", StixId.Create(publisher.Space, $"infrastructure|{(int)indicator.Kind}|{indicator.Value}"), publisher.IdentityId, indicator.Created, indicator.Created, tlp: tlp, rest: json =>
        {
            json.WriteString("name", indicator.Value);
            StixJson.List(json, "infrastructure_types", "command-and-control");
        });

    // The sighting and what was observed are one object each, with a version for each time that they are told.
    private IEnumerable<StixObject> Sighting(Indicator indicator, Guid id, string name, IReadOnlyList<string> observables)
    {
        Guid observed = StixId.Create(publisher.Space, $"observed-data|{id}");
        yield return StixJson.Domain("observed-data", observed, publisher.IdentityId, indicator.Created, indicator.Told, tlp: tlp, rest: json =>
        {
            json.WriteString("first_observed", StixTime.Text(indicator.FirstSeen));
            json.WriteString("last_observed", StixTime.Text(indicator.LastSeen));
            json.WriteNumber("number_observed", Math.Max(1, indicator.ToldSightings));
            StixJson.List(json, "object_refs", observables);
        });
        yield return StixJson.Domain("sighting", StixId.Create(publisher.Space, $"sighting|{id}"), publisher.IdentityId, indicator.Created, indicator.Told, tlp: tlp, rest: json =>
        {
            json.WriteString("first_seen", StixTime.Text(indicator.FirstSeen));
            json.WriteString("last_seen", StixTime.Text(indicator.LastSeen));
            json.WriteNumber("count", Math.Max(1, indicator.ToldSightings));
            json.WriteString("sighting_of_ref", name);
            StixJson.List(json, "observed_data_refs", StixId.Text("observed-data", observed));
            StixJson.List(json, "where_sighted_refs", publisher.IdentityId);
        });
    }

    private List<(string Id, StixObject Body)> Observables(Indicator indicator)
    {
        List<(string, StixObject)> found = [];
        switch (indicator.Kind)
        {
            case IndicatorKind.Ipv4 or IndicatorKind.Ipv6 or IndicatorKind.Domain or IndicatorKind.Url:
                string type = indicator.Kind switch { IndicatorKind.Ipv4 => "ipv4-addr", IndicatorKind.Ipv6 => "ipv6-addr", IndicatorKind.Domain => "domain-name", _ => "url" };
                StixObject value = StixJson.Constant(type, StixId.Observable(indicator.Value), json => json.WriteString("value", indicator.Value));
                found.Add(Named(value));
                if (indicator.Kind is IndicatorKind.Ipv4 or IndicatorKind.Ipv6 && indicator.Fingerprints.Count > 0)
                {
                    found.AddRange(indicator.Fingerprints.Select(print => Named(Traffic(print, StixId.Text(type, value.Id)))));
                }

                break;
            case IndicatorKind.Sha256:
                Guid file = StixId.Create(StixId.Observables, $"{{\"hashes\":{{\"SHA-256\":{CanonicalJson.Text(indicator.Value)}}}}}");
                found.Add(Named(StixJson.Constant("file", file, json =>
                {
                    json.WriteStartObject("hashes");
                    json.WriteString("SHA-256", indicator.Value);
                    json.WriteEndObject();
                })));
                break;
            default:
                // Traffic needs an end (section 6.12), and a fingerprint alone has none: nothing is observed beside the indicator.
                break;
        }

        return found;
    }

    // Its identifier is of version 5 in our own name space: the contributing properties of network-traffic know no fingerprints.
    private StixObject Traffic(string print, string source)
    {
        int colon = print.IndexOf(':', StringComparison.Ordinal);
        string kind = print[..colon];
        return StixJson.Constant("network-traffic", StixId.Create(publisher.Space, $"network-traffic|{source}|{print}"), json =>
        {
            json.WriteString("src_ref", source);
            StixJson.List(json, "protocols", kind is "hassh" ? ["tcp", "ssh"] : print.AsSpan(colon + 1).StartsWith("q") ? ["udp", "quic"] : ["tcp", "tls"]);
            json.WriteStartObject("extensions");
            json.WriteStartObject(FingerprintExtension.Id);
            json.WriteString("extension_type", "property-extension");
            json.WriteString(kind, print[(colon + 1)..]);
            json.WriteEndObject();
            json.WriteEndObject();
        });
    }

    private static (string Id, StixObject Body) Named(StixObject body) => (StixId.Text(body.Type, body.Id), body);

    private static bool IsControl(Indicator indicator) => indicator.Reasons.Any(reason => reason is "beacon" or "dns-tunnel" or "icmp-tunnel");
}
