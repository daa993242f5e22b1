namespace Blackwall.Api.Contracts;

/// <summary>What an import did.</summary>
/// <param name="Imported">Entries made or replaced.</param>
public sealed record FingerprintImportBody(int Imported);
