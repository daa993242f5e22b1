namespace Blackwall.Api.Keys;

/// <summary>What came of a change of a key.</summary>
/// <param name="Key">The key as it is now; null: nothing was changed.</param>
/// <param name="Secret">Its secret, told this once; null: it has no new one.</param>
/// <param name="Refusal">Why nothing was changed; null with no key either: there is no such key.</param>
internal sealed record KeyOutcome(ApiKey? Key, string? Secret = null, KeyRefusal? Refusal = null);
