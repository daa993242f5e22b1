using Blackwall.Pipeline.Model;

namespace Blackwall.Api.Keys;

/// <summary>Who calls: the holder of the key, and from where (<see cref="Address.None"/>: not over IP).</summary>
internal sealed record Caller(ApiKey Key, Address Address)
{
    public string Name => Key.Name;

    /// <summary>The caller of this request.</summary>
    /// <exception cref="InvalidOperationException">The endpoint is open to callers without a key.</exception>
    public static Caller For(HttpContext context) => context.Features.Get<Caller>() ?? throw new InvalidOperationException("The endpoint is open to callers without a key.");
}
