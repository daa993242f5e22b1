using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace Blackwall.Intel.Stix;

/// <summary>Identifiers that follow from what they name: UUIDs of version 5 (RFC 9562 section 5.5).</summary>
internal static class StixId
{
    private static readonly SearchValues<char> TypeLetters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    /// <summary>For cyber-observable objects: STIX 2.1 section 2.9.</summary>
    public static readonly Guid Observables = Guid.Parse("00abedb4-aa42-466c-9c01-fed23315a9b7");

    /// <summary>What every Blackwall says alike: attack patterns, the extension.</summary>
    public static readonly Guid Shared = Guid.Parse("6c0f6f0a-6c2f-4d0e-9f64-0f2f5d0c9a51");

    /// <summary>A UUID of version 5 in a name space.</summary>
    public static Guid Create(Guid space, string name)
    {
        int length = Encoding.UTF8.GetByteCount(name);
        byte[] input = new byte[16 + length];
        space.TryWriteBytes(input, bigEndian: true, out _);
        Encoding.UTF8.GetBytes(name, input.AsSpan(16));
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
#pragma warning disable CA5350 // The standard says so; nothing is kept secret by it.
        SHA1.HashData(input, hash);
#pragma warning restore CA5350
        hash[6] = (byte)((hash[6] & 0x0f) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3f) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }

    /// <summary>Of an observable whose one contributing property is its value: ipv4-addr, ipv6-addr, domain-name, url.</summary>
    public static Guid Observable(string value) => Create(Observables, $"{{\"value\":{CanonicalJson.Text(value)}}}");

    public static string Text(string type, Guid id) => $"{type}--{id:D}";

    /// <summary>Splits "type--uuid"; false: it is no identifier (STIX 2.1 section 2.9).</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out string type, out Guid id)
    {
        int dash = text.IndexOf("--");
        type = "";
        id = default;
        if (dash is < 3 or > 250 || text[..dash].ContainsAnyExcept(TypeLetters) || text[(dash + 2)..].ContainsAnyInRange('A', 'F') || !Guid.TryParseExact(text[(dash + 2)..], "D", out id))
        {
            return false;
        }

        type = text[..dash].ToString();
        return true;
    }
}
