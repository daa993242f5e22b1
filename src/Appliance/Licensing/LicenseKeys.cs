using System.Reflection;
using NSec.Cryptography;

namespace Blackwall.Licensing;

/// <summary>The public keys that licences are checked with: files of Licensing/Keys, compiled in. The private ones are the owner's.</summary>
internal sealed class LicenseKeys(IReadOnlyDictionary<string, PublicKey> keys)
{
    private const string Folder = "license-keys/";

    public IReadOnlyDictionary<string, PublicKey> All => keys;

    public static LicenseKeys Compiled()
    {
        Assembly assembly = typeof(LicenseKeys).Assembly;
        Dictionary<string, PublicKey> found = new(StringComparer.Ordinal);
        foreach (string name in assembly.GetManifestResourceNames().Where(name => name.StartsWith(Folder, StringComparison.Ordinal)))
        {
            using StreamReader reader = new(assembly.GetManifestResourceStream(name)!);
            found[Path.GetFileNameWithoutExtension(name[Folder.Length..])] = Read(reader.ReadToEnd());
        }

        return new LicenseKeys(found);
    }

    /// <summary>A public key of 32 bytes in Base64.</summary>
    public static PublicKey Read(string text) => PublicKey.Import(SignatureAlgorithm.Ed25519, Convert.FromBase64String(text.Trim()), KeyBlobFormat.RawPublicKey);
}
