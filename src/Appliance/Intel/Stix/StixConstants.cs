using System.Text.Json;

namespace Blackwall.Intel.Stix;

/// <summary>Objects that the others refer to: identities, markings, attack patterns, the extension. Those of the product are the same everywhere.</summary>
internal static class StixConstants
{
    // When the product's own objects were first published; part of their content for ever.
    private static readonly DateTimeOffset Published = new(2026, 11, 30, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset TlpCreated = new(2017, 1, 20, 0, 0, 0, TimeSpan.Zero);
    private static readonly Guid Vendor = StixId.Create(StixId.Shared, "identity|blackwall");

    public static IReadOnlyList<StixObject> Of(StixPublisher publisher) =>
    [
        Identity(Vendor, "Blackwall", "organization", "The Blackwall project: author of shared definitions.", Published, Published),
        Identity(publisher.IdentityUuid, publisher.Name, "system", "A Blackwall appliance at the edge of a network.", publisher.Created, publisher.Modified),
        .. Enum.GetValues<Tlp>().Select(Marking),
        Extension(),
        .. AttackPattern.All.Select(Pattern),
    ];

    private static StixObject Identity(Guid id, string name, string identityClass, string description, DateTimeOffset created, DateTimeOffset modified) =>
        StixJson.Domain("identity", id, null, created, modified, isPinned: true, rest: json =>
        {
            json.WriteString("name", name);
            json.WriteString("description", description);
            json.WriteString("identity_class", identityClass);
        });

    private static StixObject Marking(Tlp tlp)
    {
        _ = StixId.TryParse(TlpMarkings.IdOf(tlp), out string type, out Guid id);
        return StixJson.Constant(type, id, created: TlpCreated, rest: json =>
        {
            json.WriteString("definition_type", "tlp");
            json.WriteString("name", $"TLP:{TlpMarkings.Word(tlp).ToUpperInvariant()}");
            json.WriteStartObject("definition");
            json.WriteString("tlp", TlpMarkings.Word(tlp));
            json.WriteEndObject();
        });
    }

    private static StixObject Extension() =>
        StixJson.Domain("extension-definition", FingerprintExtension.Uuid, StixId.Text("identity", Vendor), Published, Published, isPinned: true, rest: json =>
        {
            json.WriteString("name", "client-fingerprints");
            json.WriteString("description", "JA4 and HASSH of the client of a network-traffic object.");
            json.WriteString("schema", FingerprintExtension.Schema);
            json.WriteString("version", "1.0.0");
            StixJson.List(json, "extension_types", "property-extension");
        });

    private static StixObject Pattern(AttackPattern pattern) =>
        StixJson.Domain("attack-pattern", pattern.Uuid, StixId.Text("identity", Vendor), Published, Published, isPinned: true, rest: json =>
        {
            json.WriteString("name", pattern.Name);
            json.WriteStartArray("kill_chain_phases");
            json.WriteStartObject();
            json.WriteString("kill_chain_name", "mitre-attack");
            json.WriteString("phase_name", pattern.Phase);
            json.WriteEndObject();
            json.WriteEndArray();
            References(json, "mitre-attack", pattern.Technique, pattern.Url);
        });

    internal static void References(Utf8JsonWriter json, string source, string id, string? url)
    {
        json.WriteStartArray("external_references");
        json.WriteStartObject();
        json.WriteString("source_name", source);
        json.WriteString("external_id", id);
        if (url is not null)
        {
            json.WriteString("url", url);
        }

        json.WriteEndObject();
        json.WriteEndArray();
    }
}
