using Blackwall.Storage;
using System.Globalization;
using System.Text.Json;
using NSec.Cryptography;

namespace Blackwall.Licensing;

/// <summary>The owner's tool: makes signing keys, and signs licences and lists of revoked ones. Private keys are files of the owner's, mode 0600, and never part of the product.</summary>
internal static class LicenseTool
{
    public const string Usage = """
        license keygen NAME PRIVATE-FILE         makes a key; prints the public one, to go into src/Appliance/Licensing/Keys/NAME.pub
               blackwall-appliance license issue PRIVATE-FILE NAME ID CUSTOMER TIER DAYS [GRACE-DAYS [MACHINE...]]
               blackwall-appliance license revoke PRIVATE-FILE NAME ID...
               blackwall-appliance license machine                          prints what a licence for this machine alone names
        """;

    private const int BadUsage = 64;

    public static Task<int> RunAsync(string[] arguments) => RunAsync(arguments, Console.Out, TimeProvider.System);

    public static async Task<int> RunAsync(string[] arguments, TextWriter output, TimeProvider time)
    {
        DateTimeOffset now = DateTimeOffset.FromUnixTimeSeconds(time.GetUtcNow().ToUnixTimeSeconds());
        switch (arguments)
        {
            case ["keygen", _, string file]:
                using (Key made = Key.Create(SignatureAlgorithm.Ed25519, new KeyCreationParameters { ExportPolicy = KeyExportPolicies.AllowPlaintextExport }))
                {
                    WholeFile.Write(file, Convert.ToBase64String(made.Export(KeyBlobFormat.RawPrivateKey)) + "\n");
                    await output.WriteLineAsync(Convert.ToBase64String(made.PublicKey.Export(KeyBlobFormat.RawPublicKey)));
                    return 0;
                }

            case ["issue", string file, string name, string id, string customer, string tier, string days, ..]
                when Enum.GetNames<Api.Licenses.LicenseTier>().Contains(tier, StringComparer.Ordinal) && int.TryParse(days, NumberStyles.None, CultureInfo.InvariantCulture, out int valid) && valid is > 0 and <= 3660
                && int.TryParse(arguments.ElementAtOrDefault(7) ?? "14", NumberStyles.None, CultureInfo.InvariantCulture, out int grace) && grace <= 90:
                LicensePayload license = new(id, customer, tier, now, now, now.AddDays(valid), grace, name, arguments.Length > 8 ? arguments[8..] : null);
                await output.WriteAsync(Sign(file, JsonSerializer.SerializeToUtf8Bytes(license, LicenseJson.Default.LicensePayload), SignedFile.LicensePrefix));
                return 0;
            case ["revoke", string file, string name, _, ..]:
                await output.WriteAsync(Sign(file, JsonSerializer.SerializeToUtf8Bytes(new RevocationPayload(now, arguments[3..], name), LicenseJson.Default.RevocationPayload), SignedFile.RevocationPrefix));
                return 0;
            case ["machine"]:
                await output.WriteLineAsync(LicenseBook.Machine);
                return 0;
            default:
                await output.WriteLineAsync($"usage: blackwall-appliance {Usage}");
                return BadUsage;
        }
    }

    private static string Sign(string file, byte[] payload, string prefix)
    {
        using Key key = Key.Import(SignatureAlgorithm.Ed25519, Convert.FromBase64String(File.ReadAllText(file).Trim()), KeyBlobFormat.RawPrivateKey);
        return SignedFile.Sign(payload, prefix, key);
    }
}
