using System.ComponentModel.DataAnnotations;
using Blackwall.Api.Contracts;

namespace Blackwall.Api.Keys;

/// <summary>A key that somebody wants. It has scopes, or a role that stands for some, or both.</summary>
/// <param name="Name">1..64 of a-z, 0-9, '-', '_' and '.', the first one a letter or number; unique.</param>
/// <param name="Scopes">What it may do.</param>
/// <param name="Role">viewer, operator, siem or admin.</param>
/// <param name="Expiry">When it ends; without it, when somebody deletes it.</param>
/// <param name="Networks">At most 32 addresses or prefixes from which it may be used; without them, from anywhere.</param>
public sealed record KeyInput([property: Required] string? Name, [property: Word(WordLists.Scope)] IReadOnlyList<string>? Scopes, [property: Word(WordLists.Role)] string? Role, DateTimeOffset? Expiry, IReadOnlyList<string>? Networks);
