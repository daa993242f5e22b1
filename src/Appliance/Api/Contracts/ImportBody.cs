namespace Blackwall.Api.Contracts;

/// <summary>What an import did.</summary>
/// <param name="Imported">Distinct scopes that are rules now.</param>
/// <param name="Enforced">Whether the wall acts on all of them.</param>
public sealed record ImportBody(int Imported, bool Enforced);
