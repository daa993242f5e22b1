namespace Blackwall.Api.Contracts;

/// <summary>A key with its secret, which is told this once and kept nowhere.</summary>
/// <param name="Key">The key.</param>
/// <param name="Secret">What its holder sends as 'Authorization: Bearer SECRET'.</param>
public sealed record NewKeyBody(KeyBody Key, string Secret);
