namespace Blackwall.Licensing;

/// <summary>What a licence says. Unknown members are refused: an older version must not read half of a newer licence.</summary>
/// <param name="Id">Unique; by it a licence is revoked.</param>
/// <param name="Customer">Whose it is.</param>
/// <param name="Tier">Basic, Professional, Enterprise or NationalSecurity.</param>
/// <param name="Issued">When it was signed.</param>
/// <param name="NotBefore">From when on it counts.</param>
/// <param name="Expires">Until when it counts.</param>
/// <param name="GraceDays">How many days it still counts after that; 0..90.</param>
/// <param name="Machines">SHA-256 (hexadecimal) of the machine ids that it is for, each after "blackwall-machine-v1\n"; without it for any.</param>
/// <param name="KeyId">Name of the key that signed it.</param>
internal sealed record LicensePayload(
    string Id, string Customer, string Tier, DateTimeOffset Issued, DateTimeOffset NotBefore, DateTimeOffset Expires, int GraceDays, string KeyId, IReadOnlyList<string>? Machines = null);
