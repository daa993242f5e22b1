using Blackwall.Api.Contracts;

namespace Blackwall.Api.Keys;

/// <summary>A key, without its secret.</summary>
/// <param name="Id">Unique among the keys that there are.</param>
/// <param name="Name">Who holds it; stands as actor beside all that is done with it.</param>
/// <param name="Lead">The first characters of the secret, to recognise it by.</param>
/// <param name="Scopes">What it may do.</param>
/// <param name="Networks">From where; empty: from anywhere.</param>
/// <param name="Created">When it was made.</param>
/// <param name="Expiry">When it ends; null: when somebody deletes it.</param>
/// <param name="LastUsed">When it was last used, to the minute over a restart; null: never.</param>
public sealed record KeyBody(long Id, string Name, string Lead, [property: Word(WordLists.Scope)] IReadOnlyList<string> Scopes, IReadOnlyList<string> Networks, DateTimeOffset Created, DateTimeOffset? Expiry, DateTimeOffset? LastUsed)
{
    internal static KeyBody From(ApiKey key) => new(
        key.Id,
        key.Name,
        key.Lead,
        key.Scopes.Words,
        [.. key.Networks.Select(network => network.ToString())],
        key.Created,
        key.Expiry,
        key.LastUsed);
}
