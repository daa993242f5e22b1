namespace Blackwall.Intel.Stix;

/// <summary>STIX 2.1 has no property for fingerprints of clients: this extension gives network-traffic two (section 7.3).</summary>
internal static class FingerprintExtension
{
    public static readonly Guid Uuid = StixId.Create(StixId.Shared, "extension-definition|client-fingerprints");

    public static readonly string Id = StixId.Text("extension-definition", Uuid);

    /// <summary>JSON schema of the extension, which is its definition.</summary>
    public const string Schema = """{"$schema":"https://json-schema.org/draft/2020-12/schema","title":"client-fingerprints","description":"Fingerprints of the client of a network-traffic object.","type":"object","properties":{"extension_type":{"const":"property-extension"},"ja4":{"type":"string","description":"JA4 of the TLS or QUIC ClientHello.","pattern":"^[tqd][0-9sd]{2}[di][0-9]{4}[0-9a-z]{2}_[0-9a-f]{12}_[0-9a-f]{12}$"},"hassh":{"type":"string","description":"HASSH of the SSH client: MD5 in lower case hexadecimal.","pattern":"^[0-9a-f]{32}$"}},"required":["extension_type"],"minProperties":2}""";
}
