
namespace Blackwall.Api.Keys;

/// <summary>All keys, oldest first.</summary>
public sealed record KeyList(IReadOnlyList<KeyBody> Items);
