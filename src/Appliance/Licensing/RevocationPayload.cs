namespace Blackwall.Licensing;

/// <summary>Licences that do not count any more, whatever they say.</summary>
/// <param name="Issued">When it was signed: a newer list takes the place of an older one.</param>
/// <param name="Revoked">Ids of licences.</param>
/// <param name="KeyId">Name of the key that signed it.</param>
internal sealed record RevocationPayload(DateTimeOffset Issued, IReadOnlyList<string> Revoked, string KeyId);
