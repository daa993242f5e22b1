using Blackwall.Pipeline;

namespace Blackwall.Api.Keys;

/// <summary>Who calls: the holder of the key, and from where (<see cref="Address.None"/>: not over IP).</summary>
internal sealed record Caller(ApiKey Key, Address Address)
{
    public string Name => Key.Name;
}
