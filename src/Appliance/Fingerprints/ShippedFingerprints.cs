using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Blackwall.Fingerprints;

/// <summary>The entries that come with the appliance. Each names the measurement or publication that it rests on.</summary>
public static class ShippedFingerprints
{
    private const string Resource = "fingerprints.jsonl";

    /// <summary>The entries, and a number that is another for other entries.</summary>
    public static (IReadOnlyList<FingerprintEntry> Entries, long Version) Read()
    {
        using Stream stream = typeof(ShippedFingerprints).Assembly.GetManifestResourceStream(Resource) ?? throw new InvalidOperationException($"{Resource} is not embedded.");
        using StreamReader reader = new(stream);
        string text = reader.ReadToEnd();
        (IReadOnlyList<FingerprintEntry> entries, IReadOnlyDictionary<string, string[]> errors) = FingerprintFile.ReadJson(text);
        return errors.Count == 0
            ? ([.. entries.Select(entry => entry with { Shipped = true })], BinaryPrimitives.ReadInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(text))))
            : throw new InvalidOperationException($"{Resource}: {errors.First().Key}: {errors.First().Value[0]}");
    }
}
