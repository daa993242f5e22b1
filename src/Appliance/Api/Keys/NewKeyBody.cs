using Blackwall.Api.Contracts;

namespace Blackwall.Api.Keys;

/// <summary>A key with its secret, which is told this once and kept nowhere.</summary>
/// <param name="Key">The key.</param>
/// <param name="Secret">What its holder sends as 'Authorization: Bearer SECRET'.</param>
public sealed record NewKeyBody(KeyBody Key, string Secret) : IStorable
{
    /// <summary>Whether the change is on the disk; false: the disk refuses, and it is tried until it does not.</summary>
    public bool Stored { get; set; } = true;
}
