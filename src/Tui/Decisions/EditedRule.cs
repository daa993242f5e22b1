using System.Globalization;

namespace Blackwall.Tui.Decisions;

/// <summary>A rule as it was read, with the ETag that a change has to name.</summary>
internal sealed record EditedRule(long Id, string? Tag)
{
    public string Path => string.Create(CultureInfo.InvariantCulture, $"rules/{Id}");
}
