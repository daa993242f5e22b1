using System.ComponentModel.DataAnnotations;

namespace Blackwall.Decisions;

/// <summary>Which addresses to judge.</summary>
/// <param name="Addresses">1..10,000 addresses or prefixes.</param>
public sealed record CheckInput([property: Required] IReadOnlyList<string>? Addresses);
